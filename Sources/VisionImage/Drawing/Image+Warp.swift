import VisionSystem
import VisionTensor

extension Image {
  /// An image of the given size whose pixels come from this one: `map` takes positions of this image to the new one. Between pixels
  /// is interpolated linearly; what lies outside of the image is black.
  ///
  /// Throws `invalidArgument` when the map flattens the image or a side is below 1, and `outOfMemory`.
  package func warped(by map: AffineMap, width w: Int, height h: Int) throws(ImageError) -> Image {
    let back = map.determinant == 0 ? map : map.inverse
    guard map.determinant.isFinite, map.determinant != 0, back.tx.isFinite, back.ty.isFinite else {
      throw ImageError(.invalidArgument, "a map that flattens an image cannot make another one of it")
    }
    return try Image(width: w, height: h) { target in
      withUnsafePixels { source in
        for y in 0..<h {
          for x in 0..<w {
            // Positions are those of edges, and a pixel's color is that of its middle.
            let place = back(x: Double(x) + 0.5, y: Double(y) + 0.5)
            let pixel = sample(source, place.x - 0.5, place.y - 0.5)
            for channel in 0..<3 { target[(y * w + x) * 3 + channel] = pixel[channel] }
          }
        }
      }
    }
  }

  /// The color between four pixels, at a position that counts pixels' middles.
  private func sample(_ source: UnsafeBufferPointer<UInt8>, _ x: Double, _ y: Double) -> SIMD3<UInt8> {
    guard x > -1, y > -1, x < Double(width), y < Double(height) else { return SIMD3(0, 0, 0) }
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (column, row) = (Int(saturating: left), Int(saturating: top))
    let (right, down) = (x - left, y - top)
    var sum = SIMD3<Double>(repeating: 0)
    for (dy, vertical) in [(0, 1 - down), (1, down)] where (0..<height).contains(row + dy) {
      for (dx, horizontal) in [(0, 1 - right), (1, right)] where (0..<width).contains(column + dx) {
        let place = ((row + dy) * width + column + dx) * 3
        let color = SIMD3(Double(source[place]), Double(source[place + 1]), Double(source[place + 2]))
        sum += color * (vertical * horizontal)
      }
    }
    return SIMD3(
      UInt8(saturating: sum.x.rounded()), UInt8(saturating: sum.y.rounded()),
      UInt8(saturating: sum.z.rounded()))
  }
}
