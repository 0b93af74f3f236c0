package main

import "fmt"

// completionCommand writes a shell's part of completion.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" complete:"shell" help:"bash, zsh or fish."`
}

// Run writes the script.
func (c *completionCommand) Run(p *program) error {
	script := map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[c.Shell]
	_, err := fmt.Fprint(p.out, script)
	return err
}

// The scripts know nothing of the commands: they ask the program.
const (
	bashScript = `# bash completion for hark
# load it with: source <(hark completion bash)
_hark() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
      return
    fi
    COMPREPLY+=("${line%%$'\t'*}")
  done < <("$1" complete --line -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -F _hark hark
`
	zshScript = `#compdef hark
# zsh completion for hark
# load it with: source <(hark completion zsh)
_hark() {
  local line
  local -a values described
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      _files
      return
    fi
    values+=("${line%%$'\t'*}")
    described+=("${line//$'\t'/  -- }")
  done < <("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#values )) && compadd -l -d described -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _hark "$@"
else
  compdef _hark hark
fi
`
	fishScript = `# fish completion for hark
# load it with: hark completion fish | source
function __hark_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found ($words[1] complete -- $words[2..-1] 2>/dev/null)
  if contains -- :files $found
    __fish_complete_path (commandline -ct)
  else
    printf '%s\n' $found
  end
end
complete -c hark -f -a '(__hark_complete)'
`
)
