import VisionSystem
import VisionTensor

extension AugmentationCanvas {
  /// Draws an image, resized as a whole by the preprocessing's filter, into an image that was begun by `compose`.
  ///
  /// - Parameters:
  ///   - width: the sides of the resized image.
  ///   - x: the column of its left edge, which may lie outside of the canvas; likewise `y` for its top edge.
  ///   - columns: the part of the canvas that is drawn upon, likewise `rows`; it must lie on the canvas.
  /// - Returns: where positions of the whole image lie on the canvas.
  /// - Throws: `ImageError`: `invalidArgument` for sides outside 1...65535 or a part outside of the canvas, `tooLarge`,
  ///   `outOfMemory`.
  package func draw(
    _ image: Image, width w: Int, height h: Int, x: Int, y: Int, columns: Range<Int>, rows: Range<Int>
  ) throws(ImageError) -> AffineMap {
    guard (1...65535).contains(w), (1...65535).contains(h), abs(x) < 1 << 20, abs(y) < 1 << 20,
      columns.lowerBound >= 0, columns.upperBound <= width, rows.lowerBound >= 0, rows.upperBound <= height,
      let base = pixels.baseAddress, let filter
    else {
      throw ImageError(.invalidArgument, "an image of \(w)×\(h) at (\(x), \(y)) cannot be drawn")
    }
    let seen = (
      columns: columns.clamped(to: x..<x + w), rows: rows.clamped(to: y..<y + h)
    )
    let map = AffineMap(
      a: Double(w) / Double(image.wholeWidth), tx: Double(x), d: Double(h) / Double(image.wholeHeight),
      ty: Double(y))
    guard !seen.columns.isEmpty, !seen.rows.isEmpty else { return map }
    defer { withExtendedLifetime(image) {} }
    let target = Resizer.Target(
      width: w, height: h, columns: seen.columns.lowerBound - x..<seen.columns.upperBound - x,
      rows: seen.rows.lowerBound - y..<seen.rows.upperBound - y)
    let output = base + (seen.rows.lowerBound * width + seen.columns.lowerBound) * 3
    let reduction = image.reduction
    guard reduction.part > 1 else {
      try scratch.resizer.resize(image.view, to: target, filter: filter, output: output, pitch: width * 3)
      return map
    }
    try scratch.resizer.resize(
      image.view, Resizer.Stretch(reduction.missing.x, image.wholeWidth, reduction.part),
      Resizer.Stretch(reduction.missing.y, image.wholeHeight, reduction.part), to: target, filter: filter,
      output: output, pitch: width * 3)
    return map
  }

  /// Takes pixels of another canvas.
  ///
  /// - Parameter isTaken: for each pixel of the columns and rows, row by row.
  /// Precondition: both have the same sides, and the columns and rows are inside.
  package func paste(
    _ other: AugmentationCanvas, columns: Range<Int>, rows: Range<Int>, where isTaken: [Bool]
  ) {
    precondition((width, height) == (other.width, other.height), "canvases of different sides")
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= width && rows.lowerBound >= 0
        && rows.upperBound <= height && isTaken.count == columns.count * rows.count, "a part outside")
    guard let base = pixels.baseAddress, let source = other.pixels.baseAddress else { return }
    var index = 0
    for row in rows {
      for column in columns {
        defer { index += 1 }
        guard isTaken[index] else { continue }
        let start = (row * width + column) * 3
        for channel in 0..<3 { base[start + channel] = source[start + channel] }
      }
    }
  }

  /// Makes each pixel a mixture: `share` of it, 0...1, and the rest of the other canvas, rounded to nearest.
  ///
  /// Precondition: both have the same sides.
  package func blend(with other: AugmentationCanvas, share: Double) {
    precondition((width, height) == (other.width, other.height), "canvases of different sides")
    guard let base = pixels.baseAddress, let rest = other.pixels.baseAddress else { return }
    // Shares are parts of 256, so that the bytes are those of whole numbers on every machine.
    let own = UInt32(UInt8(saturating: (min(max(share, 0), 1) * 255).rounded()))
    for index in 0..<width * height * 3 {
      let sum = UInt32(base[index]) &* own &+ UInt32(rest[index]) &* (255 &- own)
      base[index] = UInt8(truncatingIfNeeded: (sum &+ 127) / 255)
    }
  }
}

extension Preprocessing {
  /// Writes what is on a canvas as the network's input: C×H×W numbers.
  ///
  /// - Throws: `ImageError`, `invalidArgument` where sides or the buffer do not fit.
  package func write(_ canvas: AugmentationCanvas, into output: UnsafeMutableBufferPointer<Float>)
    throws(ImageError)
  {
    guard output.count == elementCount, let target = output.baseAddress,
      (canvas.width, canvas.height) == (width, height), let pixels = canvas.pixels.baseAddress
    else {
      throw ImageError(
        .invalidArgument, "a buffer of \(output.count) numbers for an input of \(elementCount)")
    }
    canvas.scratch.prepareTables(self)
    canvas.scratch.tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return }
      normalize(pixels, tables, target, .nchw)
    }
  }

  /// What is on a canvas, as the network sees it before normalization.
  package func image(on canvas: AugmentationCanvas) throws(ImageError) -> Image {
    let result = try Image(width: canvas.width, height: canvas.height) {
      _ = $0.update(fromContentsOf: canvas.pixels)
    }
    if channels == .gray { Self.makeGray(result.storage.base, canvas.width * canvas.height) }
    return result
  }
}
