/* A listening socket on loopback, and an end with the process that started us. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 511
#define SLAB 65536

static inline void end_with_parent(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static inline void must(int answer, const char *what) {
  if (answer >= 0) return;
  perror(what);
  exit(1);
}

static inline void be_prompt(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static inline int listen_on(const char *port, int flags) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  end_with_parent();
  signal(SIGPIPE, SIG_IGN);
  int fd = socket(AF_INET, SOCK_STREAM | flags, 0);
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  must(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
  must(listen(fd, BACKLOG), "listen");
  return fd;
}

/* Reads and writes until the peer ends, waiting in either. */
static inline void echo_blocking(int fd) {
  char slab[SLAB / 4];
  ssize_t count;
  while ((count = read(fd, slab, sizeof slab)) > 0) {
    for (ssize_t at = 0; at < count;) {
      ssize_t taken = write(fd, slab + at, count - at);
      if (taken < 0) return;
      at += taken;
    }
  }
}
