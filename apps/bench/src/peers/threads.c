/* Echo with a thread for each connection. */
#include "listen.h"
#include <pthread.h>
#include <stdint.h>

static void *serve(void *word) {
  int fd = (int)(intptr_t)word;
  be_prompt(fd);
  echo_blocking(fd);
  close(fd);
  return NULL;
}

int main(int count, char **words) {
  (void)count;
  int listener = listen_on(words[1], 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  /* Of the default 8 MiB only what is touched is resident, but all is address space. */
  pthread_attr_setstacksize(&attributes, 65536);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    pthread_t thread;
    must(-pthread_create(&thread, &attributes, serve, (void *)(intptr_t)fd), "pthread_create");
  }
}
