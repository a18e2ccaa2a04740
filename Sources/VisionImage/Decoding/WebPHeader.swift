import VisionSystem
import VisionTensor

/// The chunks of a WebP, read without decoding pixels (RFC 9649).
struct WebPHeader {
  /// The image that is shown first.
  struct Frame {
    /// The range of its chunks: the whole file, or the contents of an animation's frame.
    var bytes: Range<Int>
    var x = 0
    var y = 0
    var width: Int
    var height: Int
  }

  private(set) var info: ImageInfo
  private(set) var frame: Frame
  /// Whether the file is shorter than its header declares.
  private(set) var isCutShort: Bool

  private struct Stream {
    var width: Int
    var height: Int
    var hasAlpha: Bool
    var isLossless: Bool
  }

  private struct Chunk {
    var name: Int
    var data: Range<Int>
  }

  private struct Canvas {
    var width: Int
    var height: Int
    var hasAlpha: Bool
    var isAnimated: Bool
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    var reader = ByteReader(bytes)
    reader.isLittleEndian = true
    guard let size = reader.long(4), bytes.count >= 20 else { throw Self.truncated }
    let end = min(bytes.count, 8 + size)
    isCutShort = 8 + size > bytes.count
    let metadata = Self.metadata(reader, end)
    guard let first = Self.chunk(reader, 12, bytes.count) else { throw Self.truncated }
    if Self.isStream(first.name) {
      let stream = try Self.stream(reader, first)
      frame = Frame(bytes: 0..<bytes.count, width: stream.width, height: stream.height)
      info = Self.info(stream, stream.width, stream.height, stream.hasAlpha, false, metadata)
      return
    }
    guard first.name == Self.name("VP8X") else { throw Self.corrupt("it begins with an unknown chunk") }
    let canvas = try Self.canvas(reader, first.data)
    if canvas.isAnimated {
      (frame, info) = try Self.animated(reader, first, canvas, metadata)
    } else {
      guard let chunk = Self.find(reader, first, end, Self.isStream) else {
        throw isCutShort ? Self.truncated : Self.corrupt("it holds no image")
      }
      let stream = try Self.stream(reader, chunk)
      guard stream.width == canvas.width, stream.height == canvas.height else {
        throw Self.corrupt("the image has another size than its canvas")
      }
      frame = Frame(bytes: 0..<bytes.count, width: stream.width, height: stream.height)
      info = Self.info(stream, canvas.width, canvas.height, canvas.hasAlpha, false, metadata)
    }
  }

  private static func canvas(_ reader: ByteReader, _ data: Range<Int>) throws(ImageError) -> Canvas {
    let start = data.lowerBound
    guard let flags = reader.byte(start), let width = reader.triple(start + 4),
      let height = reader.triple(start + 7)
    else { throw truncated }
    return Canvas(
      width: width + 1, height: height + 1, hasAlpha: flags & 0x10 != 0, isAnimated: flags & 0x02 != 0)
  }

  private static func animated(
    _ reader: ByteReader, _ first: Chunk, _ canvas: Canvas, _ metadata: Metadata
  ) throws(ImageError) -> (Frame, ImageInfo) {
    guard let chunk = find(reader, first, reader.count, { $0 == name("ANMF") }) else { throw truncated }
    let start = chunk.data.lowerBound
    guard let x = reader.triple(start), let y = reader.triple(start + 3),
      let width = reader.triple(start + 6),
      let height = reader.triple(start + 9), case let end = min(chunk.data.upperBound, reader.count),
      start + 16 < end
    else { throw truncated }
    let bytes = start + 16..<end
    guard let inner = find(reader, nil, from: start + 16, bytes.upperBound, isStream) else { throw truncated }
    let stream = try Self.stream(reader, inner)
    let frame = Frame(bytes: bytes, x: 2 * x, y: 2 * y, width: width + 1, height: height + 1)
    guard stream.width == frame.width, stream.height == frame.height,
      frame.x + frame.width <= canvas.width, frame.y + frame.height <= canvas.height
    else { throw corrupt("the first frame does not lie on the canvas") }
    return (frame, info(stream, canvas.width, canvas.height, canvas.hasAlpha, true, metadata))
  }

  private static func info(
    _ stream: Stream, _ width: Int, _ height: Int, _ hasAlpha: Bool, _ isAnimated: Bool, _ metadata: Metadata
  ) -> ImageInfo {
    ImageInfo(
      format: .webp, width: width, height: height, bitDepth: 8,
      colorModel: hasAlpha ? .rgba : stream.isLossless ? .rgb : .ycbcr, isAnimated: isAnimated,
      metadata: metadata)
  }

  /// Reads the header of VP8 (RFC 6386, 9.1) or of VP8L.
  private static func stream(_ reader: ByteReader, _ chunk: Chunk) throws(ImageError) -> Stream {
    let start = chunk.data.lowerBound
    if chunk.name == name("VP8L") {
      guard let mark = reader.byte(start), let bits = reader.long(start + 1) else { throw truncated }
      guard mark == 0x2f, bits >> 29 == 0 else {
        throw corrupt("the header of the lossless image makes no sense")
      }
      return Stream(
        width: bits & 0x3fff + 1, height: bits >> 14 & 0x3fff + 1, hasAlpha: bits >> 28 & 1 == 1,
        isLossless: true)
    }
    guard let mark = reader.triple(start + 3), let width = reader.word(start + 6),
      let height = reader.word(start + 8), let tag = reader.byte(start)
    else { throw truncated }
    guard mark == 0x2a019d, tag & 1 == 0, width & 0x3fff > 0, height & 0x3fff > 0 else {
      throw corrupt("the header of the image makes no sense")
    }
    return Stream(width: width & 0x3fff, height: height & 0x3fff, hasAlpha: false, isLossless: false)
  }

  private static func metadata(_ reader: ByteReader, _ end: Int) -> Metadata {
    var metadata = Metadata()
    var offset = 12
    while let chunk = chunk(reader, offset, end) {
      if let data = reader.slice(chunk.data) {
        if chunk.name == name("EXIF"), metadata.exif == nil { metadata.exif = EXIF(data) }
        if chunk.name == name("XMP ") { metadata.xmp = XMP(data).orientation }
      }
      offset = chunk.data.upperBound + chunk.data.count % 2
    }
    return metadata
  }

  private static func chunk(_ reader: ByteReader, _ offset: Int, _ end: Int) -> Chunk? {
    guard offset + 8 <= end, let name = reader.long(offset), let size = reader.long(offset + 4) else {
      return nil
    }
    return Chunk(name: name, data: offset + 8..<offset + 8 + size)
  }

  private static func find(
    _ reader: ByteReader, _ after: Chunk?, from: Int = 0, _ end: Int, _ isWanted: (Int) -> Bool
  ) -> Chunk? {
    var offset = after.map { $0.data.upperBound + $0.data.count % 2 } ?? from
    while let chunk = chunk(reader, offset, end) {
      if isWanted(chunk.name) { return chunk }
      offset = chunk.data.upperBound + chunk.data.count % 2
    }
    return nil
  }

  private static func isStream(_ name: Int) -> Bool { name == Self.name("VP8 ") || name == Self.name("VP8L") }

  /// Four letters as the number that the reader returns.
  private static func name(_ text: StaticString) -> Int {
    (0..<4).reduce(0) { $0 | Int(text.utf8Start[$1]) << (8 * $1) }
  }

  private static var truncated: ImageError { ImageError(.truncated, "the WebP ends inside its header") }
  private static func corrupt(_ text: String) -> ImageError {
    ImageError(.corrupt, "the WebP is damaged: \(text)")
  }
}
