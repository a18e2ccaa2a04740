import VisionImage
import VisionNet
import VisionSystem

/// The name of a file as the system has it: bytes, UTF-8 or not.
struct FilePath: Sendable, Hashable {
  /// Without a zero byte at the end, and with none inside unless a caller is careless.
  let bytes: [UInt8]
  /// The image itself where it came on standard input; nil for what lies in a file.
  private(set) var content: [UInt8]?

  init(bytes: [UInt8], content: [UInt8]? = nil) { (self.bytes, self.content) = (bytes, content) }
  init(_ text: String) { bytes = [UInt8](text.utf8) }

  /// The name as text; what is not UTF-8 is replaced.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The name for a line of text: control characters, which could move a terminal's cursor, are escaped.
  var printable: String { text.escapingControls }

  func appending(_ name: [UInt8]) -> FilePath {
    FilePath(bytes: bytes.last == UInt8(ascii: "/") ? bytes + name : bytes + [UInt8(ascii: "/")] + name)
  }

  /// Calls `body` with the name as C wants it; nil for a name with a zero byte inside.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result? {
    guard !bytes.contains(0) else { return nil }
    return (bytes + [0]).withUnsafeBytes { $0.withMemoryRebound(to: CChar.self) { $0.baseAddress.map(body) } }
  }

  /// Whether the bytes are text, so that functions which take a `String` find the file.
  private var string: String? { String(validating: bytes, as: UTF8.self) }

  /// The image in the file.
  func image(options: ImageOptions = ImageOptions()) throws(ImageError) -> Image {
    if content == nil, let string { return try Image(contentsOf: string, options: options) }
    return try Image(encoded: try contents(limit: options.maximumFileBytes), name: text, options: options)
  }

  /// The header of the image in the file.
  func imageInfo() throws(ImageError) -> ImageInfo {
    if content == nil, let string { return try ImageInfo(contentsOf: string) }
    let bytes = try contents(limit: ImageOptions().maximumFileBytes)
    let name = text
    let result = bytes.withUnsafeBytes { bytes -> Result<ImageInfo, ImageError> in
      do throws(ImageError) { return .success(try ImageInfo(encoded: bytes, name: name)) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The bytes in the file, `limit` at most.
  func contents(limit: Int) throws(ImageError) -> [UInt8] {
    if let content { return content }
    guard let opened = withCString({ open($0, O_RDONLY | O_CLOEXEC) }), opened >= 0 else {
      if errno == ENOENT || bytes.contains(0) { throw ImageError(.missing, "no such file", place: text) }
      throw ImageError(.unreadable, POSIX.message(errno), place: text)
    }
    defer { close(opened) }
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      let got = read(opened, &block, block.count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 && errno == EISDIR {
        throw ImageError(.isDirectory, "is a directory, not a file", place: text)
      }
      if got < 0 { throw ImageError(.unreadable, POSIX.message(errno), place: text) }
      if got == 0 { return result }
      guard result.count + got <= limit else {
        throw ImageError(.tooLarge, "the file has more than \(limit) bytes", place: text)
      }
      result += block[..<got]
    }
  }

  /// The first bytes of the file, at most `count`; empty when it cannot be read.
  func beginning(_ count: Int) -> [UInt8] {
    // A pipe without a writer would block for ever.
    guard let opened = withCString({ open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }), opened >= 0 else {
      return []
    }
    defer { close(opened) }
    var block = [UInt8](repeating: 0, count: count)
    let got = read(opened, &block, count)
    return got > 0 ? Array(block[..<got]) : []
  }

  /// The path from the root of the file system, as text; links and names stay as they are.
  var absolute: String {
    guard bytes.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) else { return text }
    defer { free(folder) }
    let above = String(cString: folder)
    return above.hasSuffix("/") ? above + text : "\(above)/\(text)"
  }

  enum Kind { case file, directory, missing }

  /// What the name leads to, symbolic links followed.
  var kind: Kind {
    var status = stat()
    guard withCString({ stat($0, &status) }) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }
}
