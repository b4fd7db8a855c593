/* Echo on one thread that asks epoll who is ready. What the kernel does not take is kept. */
#define _GNU_SOURCE
#include "listen.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#define READY_MAX 1024

struct connection {
  int fd;
  size_t length;
  char *rest;
};

static char slab[SLAB];

static void await(int poll, struct connection *it, unsigned events, int change) {
  struct epoll_event event = {.events = events, .data.ptr = it};
  epoll_ctl(poll, change, it->fd, &event);
}

static void end(struct connection *it) {
  close(it->fd);
  free(it->rest);
  free(it);
}

static void echo(int poll, struct connection *it) {
  ssize_t count = read(it->fd, slab, sizeof slab);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return end(it);
  ssize_t taken = write(it->fd, slab, count);
  if (taken < 0 && errno != EAGAIN) return end(it);
  if (taken < 0) taken = 0;
  if (taken == count) return;
  it->length = count - taken;
  it->rest = malloc(it->length);
  memcpy(it->rest, slab + taken, it->length);
  await(poll, it, EPOLLOUT, EPOLL_CTL_MOD);
}

static void flush(int poll, struct connection *it) {
  ssize_t taken = write(it->fd, it->rest, it->length);
  if (taken < 0 && errno == EAGAIN) return;
  if (taken < 0) return end(it);
  it->length -= taken;
  if (it->length > 0) {
    memmove(it->rest, it->rest + taken, it->length);
    return;
  }
  free(it->rest);
  it->rest = NULL;
  await(poll, it, EPOLLIN, EPOLL_CTL_MOD);
}

static void welcome(int poll, int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    be_prompt(fd);
    struct connection *it = calloc(1, sizeof *it);
    it->fd = fd;
    await(poll, it, EPOLLIN, EPOLL_CTL_ADD);
  }
}

int main(int count, char **words) {
  (void)count;
  int poll = epoll_create1(0);
  struct connection listener = {.fd = listen_on(words[1], SOCK_NONBLOCK)};
  await(poll, &listener, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    struct epoll_event ready[READY_MAX];
    int number = epoll_wait(poll, ready, READY_MAX, -1);
    for (int index = 0; index < number; index++) {
      struct connection *it = ready[index].data.ptr;
      if (it == &listener) welcome(poll, listener.fd);
      else if (it->rest != NULL) flush(poll, it);
      else echo(poll, it);
    }
  }
}
