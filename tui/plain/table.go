package plain

import (
	"context"
	"strings"
	"time"

	"hark/desk"
)

// The groups of commands, as help tells them.
const (
	groupFind   = "finding"
	groupWrite  = "writing"
	groupWork   = "working on a conversation"
	groupMatter = "joining and parting"
	groupPeople = "people and queues"
	groupHere   = "this console"
)

func groups() []string {
	return []string{groupFind, groupWrite, groupWork, groupMatter, groupPeople, groupHere}
}

// table returns every command. Where args begin with [number], the command is
// about the open conversation without one.
func table() []command {
	var all []command
	for _, part := range [][]command{findCommands(), writeCommands(), workCommands(), peopleCommands(), hereCommands()} {
		all = append(all, part...)
	}
	return all
}

func findCommands() []command {
	return []command{
		{"list", "l", "[view or search]", "tell the conversations of a view; yours without one", groupFind, cmdList},
		{"more", "", "", "go on with the list", groupFind, cmdMore},
		{"open", "o", "number", "open a conversation by its number in the list or by its identifier; a number alone does too", groupFind, cmdOpen},
		{"next", "", "", "open the next conversation that needs you, the most urgent first", groupFind, cmdNext},
		{"read", "", "[how many]", "tell the newest messages again", groupFind, cmdRead},
		{"whole", "", "[number]", "tell all of a mail, also what it repeats; the newest without a number", groupFind, cmdWhole},
		{"raw", "", "[all] [number]", "tell a mail as it came, headers and all", groupFind, cmdRaw},
		{"older", "", "[how many]", "tell what was before", groupFind, cmdOlder},
		{"numbers", "", "[how many]", "tell the newest messages with their numbers, for split and move", groupFind, cmdNumbers},
		{"search", "", "words", "find conversations; without words it tells how a search is written", groupFind, cmdSearch},
		{"views", "", "", "tell the lists that have a name", groupFind, cmdViews},
		{"forget", "", "view", "take a saved view away", groupFind, cmdForget},
		{"close", "", "", "leave the conversation", groupFind, cmdClose},
	}
}

func writeCommands() []command {
	return []command{
		{"reply", "r", "[words]", "answer the customer; without words you type several lines, and a dot alone sends them", groupWrite, cmdReply},
		{"replyall", "", "[words]", "answer everybody who had the newest mail", groupWrite, cmdReplyAll},
		{"bymail", "", "[words]", "answer by mail, also who wrote in the chat last", groupWrite, cmdByMail},
		{"inchat", "", "words", "answer in the chat, also who wrote by mail last", groupWrite, cmdInChat},
		{"forward", "", "[addresses]", "pass the newest mail on; who gets it, copies and the subject are asked in their order", groupWrite, cmdForward},
		{"mail", "", "[addresses]", "write a new mail, or go on with the one you began; its head is asked in its order", groupWrite, cmdMail},
		{"note", "", "[words]", "write to the team; the customer never sees it", groupWrite, cmdNote},
		{"canned", "", "[key or words]", "begin with a reply that was written beforehand", groupWrite, cmdCanned},
		{"fill", "", "[field words]", "fill a field of the draft", groupWrite, cmdFill},
		{"send", "", "[anyway]", "send the draft; with anyway also where something speaks against it", groupWrite, cmdSend},
		{"draft", "", "", "tell the draft", groupWrite, cmdDraft},
		{"drop", "", "", "throw the draft away", groupWrite, cmdDrop},
		{"hand", "", "draft to name", "give your draft to a colleague", groupWrite, cmdHand},
		{"files", "", "", "tell the files of the conversation", groupWrite, cmdFiles},
		{"save", "", "file, or view name search", "keep a file on your machine, or a search as a view", groupWrite, cmdSave},
		{"attach", "", "path, or drop", "send a file of your machine along with the next reply", groupWrite, cmdAttach},
		{"links", "", "[number]", "tell the links in the conversation, or open one in your browser", groupWrite, cmdLinks},
	}
}

func workCommands() []command {
	return []command{
		{"resolve", "", "[number]", "say that the matter is over", groupWork, simple(cmdResolve)},
		{"reopen", "", "[number]", "take a resolved matter up again", groupWork, simple(cmdReopen)},
		{"undo", "u", "", "take back the last step, ten of them at most", groupWork, cmdUndo},
		{"take", "", "[number]", "make it yours, also from a colleague", groupWork, simple(cmdTake)},
		{"release", "", "[number]", "let go of what is yours", groupWork, simple(cmdRelease)},
		{"assign", "", "name, me or nobody", "give it to a colleague", groupWork, cmdAssign},
		{"tag", "", "words, -words", "add tags, and remove those with a dash in front", groupWork, cmdTag},
		{"priority", "", "low, normal, high or urgent", "say how urgent it is", groupWork, cmdPriority},
		{"snooze", "", "1h, fri 14:00 or reply", "put it away until a time or a reply", groupWork, cmdSnooze},
		{"wake", "", "[number]", "bring back what was put away", groupWork, simple(cmdWake)},
		{"unread", "", "[number]", "mark it as unread and leave it", groupWork, simple(cmdUnread)},
		{"again", "", "", "send an undelivered mail once more", groupWork, cmdAgain},
		{"settle", "", "[words]", "say that an undelivered mail is dealt with, and how", groupWork, cmdSettle},
		{"why", "", "[number]", "tell why it is where it is, until when an answer is due, and why its mails are in it", groupWork, simple(cmdWhy)},
		{"merge", "", "[into number]", "make two conversations of a customer one", groupMatter, cmdMerge},
		{"join", "", "[number]", "join it to the conversation that it may belong to", groupMatter, simple(cmdJoin)},
		{"apart", "", "[number]", "say that it does not belong to the other one", groupMatter, simple(cmdApart)},
		{"split", "", "numbers", "begin a new conversation with some of the messages", groupMatter, cmdSplit},
		{"move", "", "numbers to number", "take messages into another conversation of the customer", groupMatter, cmdMove},
	}
}

func peopleCommands() []command {
	return []command{
		{"customer", "", "[number]", "tell what is known of the customer, and the other conversations", groupPeople, simple(cmdCustomer)},
		{"offers", "", "", "tell what you are asked to take", groupPeople, cmdOffers},
		{"accept", "", "[number]", "take what is offered to you", groupPeople, cmdAccept},
		{"decline", "", "[number]", "say no to an offer", groupPeople, cmdDecline},
		{"queue", "", "[name]", "tell the queues, or put the conversation into one", groupPeople, cmdQueue},
		{"mailboxes", "", "[now]", "tell how every mail account is, or ask all of them now", groupPeople, cmdMailboxes},
		{"quarantine", "", "[number, retry number or drop number why]", "tell the mails that could not be read, or what there is of one", groupPeople, cmdQuarantine},
		{"status", "", "[available, busy, wrap-up or away] [until]", "tell or say how you are there", groupPeople, cmdStatus},
		{"who", "", "", "tell who is there", groupPeople, cmdWho},
	}
}

func hereCommands() []command {
	return []command{
		{"help", "?", "[command]", "tell the commands, or one of them", groupHere, cmdHelp},
		{"listen", "", "", "tell at once what happens, until you press enter", groupHere, cmdListen},
		{"wait", "", "[how long]", "wait until something happens, for scripts", groupHere, cmdWait},
		{"news", "", "mine, all or off", "say which conversations you hear of without opening them", groupHere, cmdNews},
		{"bell", "", "on or off", "say whether a bell tells that something waits for enter", groupHere, cmdBell},
		{"errors", "", "stop or continue", "say what a failure in a script does", groupHere, cmdErrors},
		{"quit", "q", "", "leave; drafts are kept", groupHere, cmdQuit},
	}
}

// cmdHelp tells the commands, group by group, or everything about one.
func cmdHelp(s *sitting, arg string) error {
	if arg != "" {
		word, _ := cut(arg)
		c, err := find(s.table, word)
		if err != nil {
			return err
		}
		words := c.usage() + ": " + c.help + "."
		if c.short != "" {
			words += " In short: " + c.short + "."
		}
		s.out.line(words)
		return nil
	}
	for _, g := range groups() {
		s.out.line("For " + g + ":")
		for _, c := range s.table {
			if c.group == g {
				s.out.line(c.usage() + ": " + c.help)
			}
		}
	}
	s.out.line("The beginning of a command is enough. Enter alone tells what is new.")
	return nil
}

func (c command) usage() string { return strings.TrimSpace(c.name + " " + c.args) }

// cmdListen tells facts as they happen. The next line ends it.
func cmdListen(s *sitting, _ string) error {
	if s.o.Terminal {
		s.listening = true
		s.out.line("Listening. Press enter to stop.")
	}
	return nil
}

// Limits of waiting for something.
const (
	waitUsual = time.Minute
	waitMost  = 24 * time.Hour
)

// cmdWait waits until something has happened since the last wait.
func cmdWait(s *sitting, arg string) error {
	limit := waitUsual
	if arg != "" {
		var err error
		if limit, err = time.ParseDuration(arg); err != nil || limit <= 0 || limit > waitMost {
			return desk.Errorf(desk.Invalid, "say how long in seconds, minutes or hours, as in: wait 30s")
		}
	}
	ctx, cancel := context.WithTimeout(s.ctx, limit)
	defer cancel()
	for s.fresh == 0 {
		select {
		case h := <-s.heard:
			s.take(h)
			s.tellNews()
		case <-ctx.Done():
			return desk.Errorf(desk.Unavailable, "nothing happened for %s", limit)
		}
	}
	s.fresh = 0
	return nil
}

func cmdNews(s *sitting, arg string) error {
	switch scope := newsScope(strings.ToLower(arg)); scope {
	case newsMine, newsAll, newsOff:
		s.scope = scope
	case "":
	default:
		return desk.Errorf(desk.Invalid, "say news mine, news all or news off")
	}
	s.out.line(map[newsScope]string{
		newsMine: "You hear of your conversations, of offers, and of what begins without anybody.",
		newsAll:  "You hear of all conversations.",
		newsOff:  "You hear of offers and of the open conversation only.",
	}[s.scope])
	return nil
}

func cmdBell(s *sitting, arg string) error {
	switch strings.ToLower(arg) {
	case "on":
		s.bell = true
	case "off":
		s.bell = false
	default:
		return desk.Errorf(desk.Invalid, "say bell on or bell off")
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.Prefer(ctx, bellPreference, strings.ToLower(arg)) }); err != nil {
		return err
	}
	s.out.line("The bell is " + strings.ToLower(arg) + ".")
	return nil
}

// bellPreference is the name under which the account keeps whether a bell
// rings.
const bellPreference = "plain.bell"

func cmdErrors(s *sitting, arg string) error {
	switch strings.ToLower(arg) {
	case "stop":
		s.goOn = false
	case "continue":
		s.goOn = true
	default:
		return desk.Errorf(desk.Invalid, "say errors stop or errors continue")
	}
	return nil
}

func cmdQuit(s *sitting, _ string) error {
	s.goodbye()
	return nil
}
