import CImageCodecs

/// Resizes RGB pictures in two passes, rows first, with 8 bits in between; keeps its tables and its memory.
///
/// The results equal Pillow's `Image.resize(size, filter)` byte for byte.
struct Resizer {
  /// Which of the resized picture's pixels are wanted.
  struct Target: Hashable {
    /// The size that the whole picture would have.
    var width: Int
    var height: Int
    /// The columns and rows wanted of it.
    var columns: Range<Int>
    var rows: Range<Int>

    init(width: Int, height: Int) {
      self.init(width: width, height: height, columns: 0..<width, rows: 0..<height)
    }

    init(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) {
      (self.width, self.height, self.columns, self.rows) = (width, height, columns, rows)
    }
  }

  /// The longest side of a picture to resize: it bounds the memory of the tables.
  static let maximumSide = 1 << 20

  private var horizontal = ResampleAxis()
  private var vertical = ResampleAxis()
  private var between: PixelStorage?
  /// The instruction set, forced in tests.
  var level = Int32(VN_RESAMPLE_BEST)

  /// Writes the wanted pixels to `output`, whose rows are `pitch` bytes apart.
  mutating func resize(
    _ source: PixelView, to target: Target, filter: ResamplingFilter, output: UnsafeMutablePointer<UInt8>,
    pitch: Int
  ) throws(ImageError) {
    let (columns, rows) = (target.columns.count, target.rows.count)
    guard source.width <= Self.maximumSide, source.height <= Self.maximumSide else {
      throw ImageError(
        .tooLarge, "a picture of \(source.width)×\(source.height) cannot be resized: a side is too long")
    }
    guard target.width != source.width || target.height != source.height else {
      let part = source.cropped(
        x: target.columns.lowerBound, y: target.rows.lowerBound, width: columns, height: rows)
      for row in 0..<rows {
        (output + row * pitch).update(from: part.base + row * part.pitch, count: columns * 3)
      }
      return
    }
    horizontal.prepare(
      .init(inputs: source.width, virtualOutputs: target.width, outputs: target.columns, filter: filter))
    vertical.prepare(
      .init(inputs: source.height, virtualOutputs: target.height, outputs: target.rows, filter: filter))
    if filter == .nearest {
      pick(source, output, pitch)
      return
    }
    // Only the rows that the second pass reads go through the first.
    let band = vertical.inputs
    let level = level
    var lines = source.cropped(x: 0, y: band.lowerBound, width: source.width, height: band.count)
    if target.width != source.width {
      let linePitch = (columns * 3 + 31) / 16 * 16
      let memory = try scratch(linePitch * band.count)
      horizontal.withUnsafeAxis(origin: 0) { axis in
        vn_resample_horizontal(
          lines.base, lines.pitch, memory, linePitch, Int32(band.count), Int32(columns), axis, level)
      }
      lines = PixelView(base: memory, width: columns, height: band.count, pitch: linePitch)
    } else {
      lines = lines.cropped(x: target.columns.lowerBound, y: 0, width: columns, height: band.count)
    }
    vertical.withUnsafeAxis(origin: band.lowerBound) { axis in
      vn_resample_vertical(
        lines.base, lines.pitch, output, pitch, Int32(columns * 3), Int32(rows), axis, level)
    }
  }

  private func pick(_ source: PixelView, _ output: UnsafeMutablePointer<UInt8>, _ pitch: Int) {
    for (row, y) in vertical.first.enumerated() {
      let line = source.base + Int(y) * source.pitch
      var target = output + row * pitch
      for x in horizontal.first {
        let pixel = line + Int(x) * 3
        target[0] = pixel[0]
        target[1] = pixel[1]
        target[2] = pixel[2]
        target += 3
      }
    }
  }

  private mutating func scratch(_ bytes: Int) throws(ImageError) -> UnsafeMutablePointer<UInt8> {
    if let between, between.byteCount >= bytes { return between.base }
    between = nil
    let memory = try PixelStorage(byteCount: bytes)
    between = memory
    return memory.base
  }
}

extension Image {
  var view: PixelView { PixelView(base: storage.base, width: width, height: height, pitch: width * 3) }

  /// The picture at another size, antialiased; equal to Pillow's `Image.resize`.
  ///
  /// Throws `invalidArgument` for a side outside 1...65535 and `outOfMemory`.
  public func resized(
    width: Int, height: Int, filter: ResamplingFilter = .bicubic
  ) throws(ImageError) -> Image {
    guard (1...65535).contains(width), (1...65535).contains(height) else {
      throw ImageError(.invalidArgument, "a picture cannot be resized to \(width)×\(height)")
    }
    var resizer = Resizer()
    let target = try PixelStorage(byteCount: width * height * 3)
    try resizer.resize(
      view, to: .init(width: width, height: height), filter: filter, output: target.base, pitch: width * 3)
    return Image(width: width, height: height, storage: target)
  }
}
