/**
 * What every contestant shows: a self-signed certificate for localhost with an EC key on P-256,
 * valid from 2020 to 2120, made with `openssl req` and `openssl ca -selfsign`. The generator takes
 * it as it is. All speak TLS 1.3 with the cipher that the two sides agree on first.
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBsTCCAVagAwIBAgIUND/bdsYkaYPATr6k59M9g6ZWvPYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATg4M3muxhj/d3b8kjUgVyNGjtKK3jAelS+WYGb69K8KhZUcWBNvEKj
zkd5uuuMP6FanHHbrwHaA01zLpXDHRlyo4GDMIGAMAwGA1UdEwEB/wQCMAAwDgYD
VR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMCwGA1UdEQQlMCOCCWxv
Y2FsaG9zdIcEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATAdBgNVHQ4EFgQUEZ3yBjrH
ir70EvBeTJpr3Kr/tYwwCgYIKoZIzj0EAwIDSQAwRgIhAIk5S3z9DSR099vMR7Ny
5RkM+KkPHHrPYdrjmOnbRXE4AiEA7ZguGx2s3tnkzpQMROq7G5fHzoXncCqrumq1
okLm/34=
-----END CERTIFICATE-----
`

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ8z6um0u08d3w4p1
IDqP+rV7KAtpnXsDvC1CufZ+AQ6hRANCAATg4M3muxhj/d3b8kjUgVyNGjtKK3jA
elS+WYGb69K8KhZUcWBNvEKjzkd5uuuMP6FanHHbrwHaA01zLpXDHRly
-----END PRIVATE KEY-----
`
