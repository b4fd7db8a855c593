/* Echo on libuv, as its guide writes it: one slab for reading, a write that is tried at once. */
#include "listen.h"
#include <string.h>
#include <uv.h>

static char slab[SLAB];

static void give(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  (void)handle;
  (void)suggested;
  *buffer = uv_buf_init(slab, sizeof slab);
}

static void ended(uv_handle_t *handle) {
  free(handle);
}

static void written(uv_write_t *request, int status) {
  (void)status;
  free(request->data);
  free(request);
}

static void received(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
  if (count < 0) return uv_close((uv_handle_t *)stream, ended);
  if (count == 0) return;
  uv_buf_t all = uv_buf_init(buffer->base, count);
  int taken = stream->write_queue_size == 0 ? uv_try_write(stream, &all, 1) : 0;
  if (taken < 0) taken = 0;
  if (taken == count) return;
  uv_write_t *request = malloc(sizeof *request);
  request->data = malloc(count - taken);
  memcpy(request->data, slab + taken, count - taken);
  uv_buf_t rest = uv_buf_init(request->data, count - taken);
  uv_write(request, stream, &rest, 1, written);
}

static void welcome(uv_stream_t *listener, int status) {
  if (status < 0) return;
  uv_tcp_t *stream = malloc(sizeof *stream);
  uv_tcp_init(listener->loop, stream);
  if (uv_accept(listener, (uv_stream_t *)stream) < 0) {
    uv_close((uv_handle_t *)stream, ended);
    return;
  }
  uv_tcp_nodelay(stream, 1);
  uv_read_start((uv_stream_t *)stream, give, received);
}

int main(int count, char **words) {
  (void)count;
  uv_tcp_t listener;
  uv_tcp_init(uv_default_loop(), &listener);
  must(uv_tcp_open(&listener, listen_on(words[1], SOCK_NONBLOCK)), "uv_tcp_open");
  must(uv_listen((uv_stream_t *)&listener, BACKLOG, welcome), "uv_listen");
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
