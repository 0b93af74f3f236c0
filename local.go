package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"hark/staff"
)

// localCommands are those that no hub runs.
type localCommands struct {
	Demo       demoCommand       `cmd:"" help:"Open a working desk to look at, with customers; nothing of it is kept."`
	Serve      serveCommand      `cmd:"" help:"Open the desk in the foreground, without a console."`
	Init       initCommand       `cmd:"" help:"Make a desk without questions, for scripts."`
	Config     configCommand     `cmd:"" help:"The configuration: is it right, what is in force."`
	Man        manCommand        `cmd:"" help:"Write the manual page, for man -l - and packages."`
	Completion completionCommand `cmd:"" help:"Write a shell's part of completion."`
	Version    versionCommand    `cmd:"" help:"Say which hark this is."`
	Complete   completeCommand   `cmd:"" hidden:"" help:"List what can be typed next."`
}

// local runs a command in this process.
func (p *program) local(ctx context.Context, args []string) int {
	var set localCommands
	done := false
	k, err := kong.New(&set, kong.Name("hark"), kong.Writers(p.out, p.err),
		kong.Exit(func(int) { done = true }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return p.fail(err)
	}
	parsed, err := k.Parse(args)
	switch {
	case done:
		return staff.ExitOK
	case err != nil:
		fmt.Fprintf(p.err, "hark: %v; hark --help shows the commands\n", err)
		return staff.ExitUsage
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(p)
	var status exit
	switch {
	case err == nil:
		return staff.ExitOK
	case errors.As(err, &status):
		return int(status)
	}
	return p.fail(err)
}

// exit is an exit status whose reason has been told.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

type versionCommand struct{}

// Run says which hark this is.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.out, "hark "+release())
	return err
}

// release returns the version that the program was built as.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
