// Package staff is how members of staff reach the desk: one protocol, SSH, for
// the console and for every command.
//
// Server answers on the hub's Unix socket. The user id of the process at the
// other end is the proof of who comes (the kernel gives it); there is no second
// password. A session is either a console, drawn by a function that main hands
// in, or one command of the command set; nothing else is served: no forwarding,
// no subsystems, no agent. Client is the other end, in the terminal.
//
// Rules of what people read here:
//   - results go to standard output, everything else to standard error;
//   - an error is one line, lower case, without a period, and says what to do
//     next where there is something to do;
//   - text from strangers is made safe before a terminal sees it, and in --json
//     every control and format character is written as a \u escape.
package staff
