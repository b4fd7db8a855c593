# Echo on EventMachine, as its documentation writes it.
require "eventmachine"

module Echo
  def post_init
    set_comm_inactivity_timeout(0)
    set_sock_opt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
  end

  def receive_data(data)
    send_data(data)
  end
end

require "socket"
EventMachine.epoll
EventMachine.set_descriptor_table_size(20_000)
EventMachine.run { EventMachine.start_server("127.0.0.1", Integer(ARGV[0]), Echo) }
