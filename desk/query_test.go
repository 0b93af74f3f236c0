package desk_test

import (
	"slices"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

func TestSearchFindsWhatItSays(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	ana := env.Says("Ana Björk", "payment failed twice")
	mo := env.Says("Mo Farouk", "damaged parcel")
	lea := env.Says("Lea", "PAYMENT by invoice?")
	must(t, bo.Tag(t.Context(), ana, []string{"billing", "vip"}, nil))
	must(t, bo.Prioritise(t.Context(), ana, desk.High))
	must(t, bo.Claim(t.Context(), mo))
	must(t, bo.Snooze(t.Context(), mo, time.Time{}))
	must(t, bo.Reply(t.Context(), lea, "yes, payment by invoice"))
	must(t, bo.End(t.Context(), lea))
	for query, want := range map[string][]desk.ID{
		"":                         {mo, ana},
		"payment":                  {ana},
		"payment is:resolved":      {lea},
		`"failed twice"`:           {ana},
		"from:björk":               {ana},
		"FROM:mo":                  {mo},
		"tag:vip -tag:spam":        {ana},
		"-tag:vip":                 {mo},
		"is:snoozed":               {mo},
		"is:open":                  {ana},
		"is:mine":                  {mo},
		"to:me":                    {mo},
		"to:bo":                    {mo},
		"to:nobody":                {ana},
		"is:unassigned":            {ana},
		"priority:high":            {ana},
		"-priority:high":           {mo},
		"ch:chat":                  {mo, ana},
		"ch:mail":                  nil,
		"after:today":              {mo, ana},
		"before:1h":                nil,
		"after:1h":                 {mo, ana},
		"before:2020-01-01":        nil,
		"https://shop.example":     nil,
		"#" + ana.String()[:8]:     {ana},
		"is:unread is:new tag:vip": {ana},
	} {
		w, err := bo.Search(query, 0, 10)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		var got []desk.ID
		for _, row := range w.Rows {
			got = append(got, row.ID)
		}
		slices.SortFunc(got, func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) })
		slices.SortFunc(want, func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) })
		if !slices.Equal(got, want) || w.Total != len(want) {
			t.Errorf("%q finds %d rows: %v, want %v", query, w.Total, got, want)
		}
	}
	if w, err := bo.Search("ch:chat", 1, 1); err != nil || len(w.Rows) != 1 || w.Total != 2 || w.From != 1 {
		t.Errorf("a window in the middle is %+v, %v", w, err)
	}
}

func TestAWrongSearchSaysWhatIsRight(t *testing.T) {
	for query, words := range map[string]string{
		"is:lost":           "unassigned",
		"colour:red":        "from:",
		`from:"ana`:         "quote",
		"before:yesterweek": "2026-11-03",
		"priority:max":      "urgent",
		"ch:fax":            "voice",
		"tag:":              "a tag",
	} {
		_, err := desk.ParseQuery(query, time.Now())
		refused(t, err, desk.Invalid, words)
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"", "a b", `-tag:"x y" is:open`, "before:7d after:2026-11-03", `"`, "-", ":", "::", "-:", `a"b:c`} {
		f.Add(s)
	}
	now := time.Unix(1_790_000_000, 0)
	f.Fuzz(func(_ *testing.T, text string) {
		q, err := desk.ParseQuery(text, now)
		if err != nil {
			return
		}
		desk.NewState().Search(q, &desk.Routing{}, desk.ID{}, now, 0, 1)
	})
}
