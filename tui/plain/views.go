package plain

import (
	"context"
	"slices"

	"hark/desk"
)

// cmdViews tells the lists that have a name.
func cmdViews(s *sitting, _ string) error {
	counts := s.desk.Counts()
	for _, v := range []desk.View{desk.Mine, desk.Unassigned, desk.All, desk.Done} {
		s.out.line(string(v) + ": " + count(counts[v], "conversation") + ".")
	}
	for _, v := range s.desk.Views() {
		n := ""
		if w, err := s.desk.Search(v.Query, 0, 1); err == nil {
			n = count(w.Total, "conversation") + ", "
		}
		s.out.line(name(v.Name) + ": " + n + "the search " + name(v.Query) + ".")
	}
	return nil
}

// saveView gives the last search, or the one behind the name, a name.
func (s *sitting) saveView(arg string) error {
	title, query := cut(arg)
	if query == "" {
		query = s.list.query
	}
	if title == "" || query == "" {
		return desk.Errorf(desk.Invalid, "say a name and a search, as in: save view refunds tag:refund is:open")
	}
	var before string
	if i := slices.IndexFunc(s.desk.Views(), func(v desk.SavedView) bool { return v.Name == title }); i >= 0 {
		before = s.desk.Views()[i].Query
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.SaveView(ctx, title, query) }); err != nil {
		return err
	}
	s.remember("the view "+title, func(ctx context.Context) error {
		if before == "" {
			return s.desk.RemoveView(ctx, title)
		}
		return s.desk.SaveView(ctx, title, before)
	})
	s.out.line("The search " + name(query) + " is the view " + name(title) + " now. List " + name(title) + " tells it.")
	return nil
}

// cmdForget takes a saved view away.
func cmdForget(s *sitting, arg string) error {
	_, title := cutWord(arg, "view")
	i := slices.IndexFunc(s.desk.Views(), func(v desk.SavedView) bool { return v.Name == title })
	if i < 0 {
		return desk.Errorf(desk.NotFound, "you have no view %q; views tells them", clip(title))
	}
	query := s.desk.Views()[i].Query
	if err := s.do(func(ctx context.Context) error { return s.desk.RemoveView(ctx, title) }); err != nil {
		return err
	}
	s.remember("the view "+title+" forgotten", func(ctx context.Context) error { return s.desk.SaveView(ctx, title, query) })
	s.out.line("The view " + name(title) + " is forgotten.")
	return nil
}

// cmdSearch tells what a search finds, or how one is written.
func cmdSearch(s *sitting, arg string) error {
	if arg != "" {
		s.list = listing{what: arg, query: arg}
		return s.more()
	}
	s.out.line(`Search takes words, "several words" in quotes, a dash in front for what must not be there, and:`)
	for _, f := range desk.QueryFields() {
		s.out.line(f[0] + ", " + f[1])
	}
	return nil
}
