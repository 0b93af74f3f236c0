package sorted

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A set says the same as a slice that is kept sorted, whatever is done to it.
func TestSetIsASortedSlice(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	set := New(func(a, b int) bool { return a < b })
	var want []int
	for step := range 20_000 {
		v := random.IntN(4000)
		i, there := slices.BinarySearch(want, v)
		if set.Has(v) != there || set.Rank(v) != i {
			t.Fatalf("step %d: %d is there: %v, rank %d; want %v, %d", step, v, set.Has(v), set.Rank(v), there, i)
		}
		if grow := step < 12_000; random.IntN(3) > 0 == grow {
			set.Insert(v)
			if !there {
				want = slices.Insert(want, i, v)
			}
		} else {
			if set.Remove(v) != there {
				t.Fatalf("step %d: removing %d", step, v)
			}
			if there {
				want = slices.Delete(want, i, i+1)
			}
		}
		if step%500 == 0 {
			same(t, set, want, random.IntN(len(want)+1))
		}
	}
	for _, v := range slices.Clone(want) {
		set.Remove(v)
	}
	if _, ok := set.First(); ok || set.Len() != 0 {
		t.Error("an empty set has a first item")
	}
}

func same(t *testing.T, set *Set[int], want []int, from int) {
	t.Helper()
	if set.Len() != len(want) || !slices.Equal(slices.Collect(set.At(0)), want) || !slices.Equal(slices.Collect(set.At(from)), want[from:]) {
		t.Fatal("the items are not those of the slice")
	}
	if len(want) == 0 {
		return
	}
	if first, ok := set.First(); !ok || first != want[0] {
		t.Fatalf("first is %d, %v", first, ok)
	}
	at, _ := slices.BinarySearch(want, 2000)
	if !slices.Equal(slices.Collect(set.From(2000)), want[at:]) {
		t.Fatal("From is wrong")
	}
}
