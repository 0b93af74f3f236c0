package desk

import (
	"reflect"
	"testing"
	"time"
)

// fill sets every field of a row to something that is not zero.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case ID:
		v.Set(reflect.ValueOf(DeriveID([]byte{byte(*n)})))
		return
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(int64(1e12 + *n)).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.String:
		v.SetString(string(rune('a'+*n)) + " text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64, reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	default:
		panic("rows hold no " + v.Kind().String())
	}
}

// TestRowsKeepEveryField fails when a field is added to a row and forgotten in
// its encoding.
func TestRowsKeepEveryField(t *testing.T) {
	for _, kind := range []byte{rowConversation, rowContact, rowAccount, rowInfo} {
		var v storable
		switch kind {
		case rowConversation:
			v = &Conversation{}
		case rowContact:
			v = &Contact{}
		case rowAccount:
			v = &Account{}
		case rowInfo:
			v = &Info{}
		}
		n := 0
		for _, full := range []bool{false, true} {
			if full {
				fill(reflect.ValueOf(v).Elem(), &n)
			}
			row := Row{Value: v.encodeRow()}
			row.Key[0] = kind
			if id := reflect.ValueOf(v).Elem().FieldByName("ID").Interface().(ID); kind != rowInfo {
				copy(row.Key[1:], id[:])
			}
			got, err := decodeRow(row)
			if err != nil || !reflect.DeepEqual(got, v) {
				t.Errorf("%c: %+v becomes %+v, %v", kind, v, got, err)
			}
			for cut := range row.Value {
				if _, err := decodeRow(Row{row.Key, row.Value[:cut]}); err == nil {
					t.Fatalf("%c: %d of %d bytes pass", kind, cut, len(row.Value))
				}
			}
			if _, err := decodeRow(Row{row.Key, append(row.Value, 0)}); err == nil {
				t.Errorf("%c: a byte too many passes", kind)
			}
		}
	}
}

func FuzzRow(f *testing.F) {
	f.Add(byte(rowConversation), (&Conversation{Channels: []Channel{Chat}}).encodeRow())
	f.Add(byte(rowContact), (&Contact{Identities: []Identity{{VisitorToken, "x"}}, Conversations: []ID{{1}}}).encodeRow())
	f.Add(byte(rowAccount), (&Account{Roles: Roles()}).encodeRow())
	f.Add(byte(rowInfo), (&Info{}).encodeRow())
	f.Fuzz(func(t *testing.T, kind byte, value []byte) {
		row := Row{Value: value}
		row.Key[0] = kind
		if kind != rowInfo && len(value) >= 16 {
			copy(row.Key[1:], value)
		}
		v, err := decodeRow(row)
		if err != nil {
			return
		}
		row.Value = v.encodeRow()
		if again, err := decodeRow(row); err != nil || !reflect.DeepEqual(v, again) {
			t.Fatalf("%+v becomes %+v, %v", v, again, err)
		}
	})
}
