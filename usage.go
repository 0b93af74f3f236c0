package main

// usage is what `hark --help` shows.
const usage = `hark: a customer-service desk in the terminal

  hark                    open the desk: the hub in the background, then the console
  hark demo               a working desk to look at, with customers; nothing of it is kept
  hark serve              the hub in the foreground, without a console
  hark stop               close the desk for everybody
  hark init               make a desk without questions, for scripts

  hark ls [SEARCH]        list or search conversations     --view NAME --queue NAME --json
  hark views              your views; save NAME SEARCH keeps a search, rm forgets it
  hark cat ID             show a conversation              --purpose serve|assist|qa|train -n --json
  hark tail [ID]          follow what happens              -n COUNT --purpose … --json
  hark why ID             who is asked to take it, and why each mail is in it

  hark send ID TEXT       write to the customer            - as TEXT reads standard input
  hark note ID TEXT       write to the team                - as TEXT reads standard input
  hark attach ID FILE…    send files to the customer       -m TEXT
  hark files ID           the files of a conversation; save ID FILE saves one
  hark save ID FILE       into the current folder          - behind it: to standard output

  hark reply ID TEXT      answer a mail                    --all --cc --bcc --to --subject --outside
  hark forward ID TEXT    pass a mail on, in a conversation of its own   --to ADDRESS
  hark mail send TEXT     a new mail                       --to ADDRESS --subject WORDS --from ACCOUNT
  hark mail status        how the accounts are, and what became of every mail   --json
  hark mail quarantine    mails that could not be taken in; ID --raw --retry --drop REASON
  hark mail import FILE   bring in an mbox file or a Maildir
  hark mail undo|raw|resend|settle|join ID   what else can be done with a mail
  hark mail password NAME put an account's password into the OS keyring; check NAME tries it

  hark claim|release ID…  take conversations, let go of them
  hark assign ID… NAME    give conversations to somebody, to me or to nobody
  hark resolve|reopen ID… mark as done, take up again
  hark tag ID… +A -B      add and remove tags
  hark priority ID… high  low, normal, high, urgent
  hark snooze ID WHEN     put away until 1h, fri 14:00, 24 dec or reply
  hark wake ID…           end snoozes before their time
  hark queue ID… NAME     put into a queue; queues shows them
  hark queues             the queues as they are now       --json
  hark merge FROM INTO    make one conversation of two; unmerge takes it back
  hark unmerge ID         take a merge back
  hark split ID ITEM…     messages into a conversation of their own; unsplit takes it back
  hark unsplit ID         take a split back
  hark move ID TO ITEM…   messages to another conversation --back takes it back

  hark offers             what you are asked to take       --json
  hark accept|decline ID… take it, or let somebody else be asked
  hark status [STATUS]    available, busy, wrap-up or away, also until a time
  hark who                who answers customers            --json
  hark user add NAME      create an account                --display NAME --role ROLE … --uid UID
  hark user ls            list accounts                    --json

  hark doctor             how the desk is: sockets, files, keys   --json
  hark config check|show  is hark.toml right, and what is in force
  hark man                the manual page, for man -l -
  hark completion SHELL   completion for bash, zsh or fish
  hark version

  --data DIR              the desk in DIR: its hark.toml and its data
  --as NAME               act as another account (the owner of the desk's data may)
  --socket PATH           the hub of another user of this machine
  --plain                 a console of lines, for screen readers and for scripts on a pipe
  --accessible            questions line by line; the variable ACCESSIBLE does the same

ID is the beginning of a conversation's identifier, as hark ls shows it; as ID… a
- reads identifiers from standard input, one a line. hark COMMAND --help says more.

Exit status: 0 done, 1 failed, 2 written wrongly, 3 no desk is open, 4 not
allowed, 5 not found, 6 somebody else was first, 7 cannot be done now.
`
