/** All laws, by facility, in the order in which a new backend will want to satisfy them. */
import type { LawGroup } from "./Law.ts"
import { AcceptLaws } from "./laws/AcceptLaws.ts"
import { ArgumentLaws } from "./laws/ArgumentLaws.ts"
import { BackpressureLaws } from "./laws/BackpressureLaws.ts"
import { CloseLaws } from "./laws/CloseLaws.ts"
import { ConnectLaws } from "./laws/ConnectLaws.ts"
import { DrainLaws } from "./laws/DrainLaws.ts"
import { EndLaws } from "./laws/EndLaws.ts"
import { FairnessLaws } from "./laws/FairnessLaws.ts"
import { FaultLaws } from "./laws/FaultLaws.ts"
import { FramedReadLaws } from "./laws/FramedReadLaws.ts"
import { HostCallLaws } from "./laws/HostCallLaws.ts"
import { HandleLaws } from "./laws/HandleLaws.ts"
import { InterruptedReadLaws } from "./laws/InterruptedReadLaws.ts"
import { ListenLaws } from "./laws/ListenLaws.ts"
import { LoopLaws } from "./laws/LoopLaws.ts"
import { OptionLaws } from "./laws/OptionLaws.ts"
import { ProactorLaws } from "./laws/ProactorLaws.ts"
import { QueueLaws } from "./laws/QueueLaws.ts"
import { ReactorLaws } from "./laws/ReactorLaws.ts"
import { ReadLaws } from "./laws/ReadLaws.ts"
import { ResetLaws } from "./laws/ResetLaws.ts"
import { ScopeLaws } from "./laws/ScopeLaws.ts"
import { ServeLaws } from "./laws/ServeLaws.ts"
import { TurnLaws } from "./laws/TurnLaws.ts"
import { UnixLaws } from "./laws/UnixLaws.ts"
import { UnixPathLaws } from "./laws/UnixPathLaws.ts"
import { ViewLaws } from "./laws/ViewLaws.ts"
import { WriteLaws } from "./laws/WriteLaws.ts"
import { WriteOrderLaws } from "./laws/WriteOrderLaws.ts"

export const groups: ReadonlyArray<LawGroup> = [
  TurnLaws,
  ConnectLaws,
  ListenLaws,
  AcceptLaws,
  ReadLaws,
  FramedReadLaws,
  InterruptedReadLaws,
  WriteLaws,
  WriteOrderLaws,
  QueueLaws,
  BackpressureLaws,
  EndLaws,
  CloseLaws,
  ResetLaws,
  UnixPathLaws,
  UnixLaws,
  OptionLaws,
  ArgumentLaws,
  HandleLaws,
  LoopLaws,
  FairnessLaws,
  ScopeLaws,
  ServeLaws,
  DrainLaws,
  HostCallLaws,
  FaultLaws,
  ReactorLaws,
  ProactorLaws,
  ViewLaws
]
