import VisionImage
import VisionNet
import VisionSystem

/// A file name as the system has it: bytes, not necessarily UTF-8.
struct FilePath: Sendable, Hashable {
  /// The bytes without a final zero byte; callers should not pass zero bytes inside either.
  let bytes: [UInt8]
  /// The image itself if it came on standard input; nil for a file.
  private(set) var content: [UInt8]?

  init(bytes: [UInt8], content: [UInt8]? = nil) { (self.bytes, self.content) = (bytes, content) }
  init(_ text: String) { bytes = [UInt8](text.utf8) }

  /// The name as text; invalid UTF-8 is replaced.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The name for a line of text: control characters, which could move a terminal's cursor, are escaped.
  var printable: String { text.escapingControls }

  func appending(_ name: [UInt8]) -> FilePath {
    FilePath(bytes: bytes.last == UInt8(ascii: "/") ? bytes + name : bytes + [UInt8(ascii: "/")] + name)
  }

  /// Calls `body` with the name as a C string; nil if the name has a zero byte inside.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result? {
    guard !bytes.contains(0) else { return nil }
    return (bytes + [0]).withUnsafeBytes { $0.withMemoryRebound(to: CChar.self) { $0.baseAddress.map(body) } }
  }

  /// The name as a string if it is UTF-8, so that functions that take a `String` find the file.
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

  /// The bytes of the file.
  ///
  /// - Throws: `ImageError` if there are more than `limit` bytes or the file cannot be read.
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

  /// The first bytes of the file, at most `count`; empty if it cannot be read.
  func beginning(_ count: Int) -> [UInt8] {
    // Opening a pipe without a writer would block forever.
    guard let opened = withCString({ open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }), opened >= 0 else {
      return []
    }
    defer { close(opened) }
    var block = [UInt8](repeating: 0, count: count)
    let got = read(opened, &block, count)
    return got > 0 ? Array(block[..<got]) : []
  }

  /// The path from the root of the file system, as text; links and `..` are not resolved.
  var absolute: String {
    guard bytes.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) else { return text }
    defer { free(folder) }
    let above = String(cString: folder)
    return above.hasSuffix("/") ? above + text : "\(above)/\(text)"
  }

  /// Whether there is a file with content, which writing to it would replace.
  var isRegularFile: Bool {
    var status = stat()
    return withCString { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  enum Kind { case file, directory, missing }

  /// The kind of file the name refers to, after following symbolic links.
  var kind: Kind {
    var status = stat()
    guard withCString({ stat($0, &status) }) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }
}
