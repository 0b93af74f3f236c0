// Package typo says how far a mistyped word is from a right one.
package typo

// Distance counts the letters to add, drop or change to get from a to b, in
// bytes (Levenshtein 1965). Words of more than 64 bytes are as far apart as
// they are long.
func Distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 { // nobody mistypes as much
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
