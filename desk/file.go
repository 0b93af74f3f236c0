package desk

// File is something attached to a message: what staff and customers are told
// of it. Its bytes are behind the door.
type File struct {
	ID   ID     `json:"id"`
	Name string `json:"name"` // safe to show and to save under
	Type string `json:"type"` // what the bytes look like, never what the sender said
	Size int64  `json:"size"` // bytes
}

func maskFiles(files []File, f func(string) string) []File {
	if len(files) == 0 {
		return files
	}
	masked := make([]File, len(files))
	for i, file := range files {
		file.Name = f(file.Name)
		masked[i] = file
	}
	return masked
}

func maskAll(texts []string, f func(string) string) []string {
	if len(texts) == 0 {
		return texts
	}
	masked := make([]string, len(texts))
	for i, t := range texts {
		masked[i] = f(t)
	}
	return masked
}
