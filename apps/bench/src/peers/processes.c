/* Echo with a process for each connection. */
#include "listen.h"

int main(int count, char **words) {
  (void)count;
  int listener = listen_on(words[1], 0);
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    pid_t child = fork();
    must(child, "fork");
    if (child == 0) {
      end_with_parent();
      close(listener);
      be_prompt(fd);
      echo_blocking(fd);
      _exit(0);
    }
    close(fd);
  }
}
