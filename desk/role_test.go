package desk

import (
	"strings"
	"testing"
)

// policy is the whole of who may do what, written out by hand so that a change
// of the rules has to be made twice.
const policy = `
             agent  supervisor  qa  admin
list         yes    yes         yes no
read         yes    yes         yes no
reply        yes    yes         no  no
note         yes    yes         yes no
claim        yes    yes         no  no
assign       yes    yes         no  no
resolve      yes    yes         no  no
sort         yes    yes         no  no
user.list    yes    yes         yes yes
user.add     no     no          no  yes
doctor       yes    yes         yes yes
stop         no     no          no  yes
import       no     yes         no  yes
`

const readPolicy = `
             agent  supervisor  qa  admin
serve        yes    yes         no  no
assist       yes    yes         no  no
qa           no     yes         yes no
train        no     yes         yes no
dsar         no     no          no  no
legal        no     no          no  no
`

func table(t *testing.T, text string) map[string]map[Role]bool {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	roles := strings.Fields(lines[0])
	out := map[string]map[Role]bool{}
	for _, line := range lines[1:] {
		f := strings.Fields(line)
		out[f[0]] = map[Role]bool{}
		for i, r := range roles {
			out[f[0]][Role(r)] = f[i+1] == "yes"
		}
	}
	return out
}

func TestRolesMayWhatThePolicySays(t *testing.T) {
	want := table(t, policy)
	if len(want) != len(Actions()) {
		t.Errorf("the policy has %d actions, the desk %d", len(want), len(Actions()))
	}
	for _, a := range Actions() {
		for _, r := range Roles() {
			if got := May([]Role{r}, a); got != want[string(a)][r] {
				t.Errorf("%s may %s: %v", r, a, got)
			}
		}
	}
	wantRead := table(t, readPolicy)
	for _, p := range Purposes() {
		for _, r := range Roles() {
			if got := MayRead([]Role{r}, p); got != wantRead[string(p)][r] {
				t.Errorf("%s may read for %s: %v", r, p, got)
			}
		}
	}
}

func TestWhatIsNotGrantedIsRefused(t *testing.T) {
	if May(nil, ActList) || May([]Role{"owner"}, ActList) || May(Roles(), "fly") || MayRead(Roles(), "curiosity") {
		t.Error("an unknown role, action or purpose is allowed")
	}
	if !May([]Role{RoleAdmin, RoleAgent}, ActReply) {
		t.Error("a second role does not count")
	}
}

func TestRefusalSaysWhoMay(t *testing.T) {
	got := refusal([]Role{RoleQA}, ActReply).Msg
	if want := "reply needs one of the roles agent and supervisor; you have qa"; got != want {
		t.Errorf("refusal is %q", got)
	}
}
