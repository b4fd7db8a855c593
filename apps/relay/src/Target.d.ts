import * as Option from "effect/Option"
export interface Target {
  /** An IPv4 or IPv6 literal without brackets, or a name. */
  readonly host: string
  /** 1–65535. */
  readonly port: number
}
/** `127.0.0.1:80`, `[::1]:80`, `example.org:80`. */
export declare const format: ({ host, port }: Target) => string
/** The same text read. */
export declare const parse: (text: string) => Option.Option<Target>
//# sourceMappingURL=Target.d.ts.map
