package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// photo is a picture that a customer sends: a lamp's shade with a dent, drawn
// rather than kept.
func photo() []byte {
	const width, height = 320, 240
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, shade(float64(x)/width, float64(y)/height))
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // writing to memory does not fail
	return b.Bytes()
}

// shade is the colour at a place of the picture, both from 0 to 1.
func shade(x, y float64) color.RGBA {
	half := 0.15 + 0.25*y     // of the shade's width at this height
	from := (y - 0.55) / 0.08 // the dent's middle, in its heights
	dent := 0.05 * math.Exp(-from*from)
	if y < 0.2 || y > 0.8 || x < 0.5-half || x > 0.5+half-dent {
		wall := uint8(205 - 60*y)
		return color.RGBA{wall, wall, wall - 20, 255}
	}
	light := uint8(150 + 100*math.Cos((x-0.5)*3))
	return color.RGBA{light, light - 20, light / 2, 255}
}
