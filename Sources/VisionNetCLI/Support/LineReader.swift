import VisionNet
import VisionSystem

/// The lines of a file descriptor as bytes, without their line ends.
struct LineReader {
  private let descriptor: Int32
  /// The byte that ends a line.
  private let separator: UInt8
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  init(descriptor: Int32, separator: UInt8 = UInt8(ascii: "\n")) {
    (self.descriptor, self.separator) = (descriptor, separator)
  }

  /// The first bytes, which are read again as lines later: enough for `isEnough`, but at most `limit`, and
  /// fewer at the end of the input or once `isCancelled` returns true.
  mutating func beginning(limit: Int, isEnough: ([UInt8]) -> Bool, isCancelled: () -> Bool)
    throws(CommandError)
    -> [UInt8]
  {
    while !isAtEnd, !isEnough(buffer) { guard try fill(isCancelled) else { break } }
    return Array(buffer.prefix(limit))
  }

  /// All remaining bytes.
  ///
  /// - Throws: `CommandError` if there are more bytes than an image may have, or if reading fails.
  mutating func rest(isCancelled: () -> Bool) throws(CommandError) -> [UInt8] {
    let limit = ImageOptions().maximumFileBytes
    while !isAtEnd {
      guard try fill(isCancelled) else { break }
      guard buffer.count - position <= limit else {
        throw CommandError(.data, "there are more than \(limit) bytes", place: "standard input")
      }
    }
    defer { position = buffer.count }
    return Array(buffer[position...])
  }

  /// The next line; nil at the end, or if `isCancelled` returns true while there is nothing to read.
  mutating func next(isCancelled: () -> Bool) throws(CommandError) -> [UInt8]? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: separator) {
        defer { position = end + 1 }
        return Array(buffer[position..<end])
      }
      if isAtEnd {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return Array(buffer[position...])
      }
      buffer.removeFirst(position)
      position = 0
      searched = buffer.count
      guard try fill(isCancelled) else { return nil }
    }
  }

  /// Reads once; false when cancelled.
  private mutating func fill(_ isCancelled: () -> Bool) throws(CommandError) -> Bool {
    while true {
      if isCancelled() { return false }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, 100)
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      var block = [UInt8](repeating: 0, count: 1 << 16)
      let got = read(descriptor, &block, block.count)
      if got < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      if got < 0 { throw CommandError(.io, POSIX.message(errno), place: "standard input") }
      isAtEnd = got == 0
      buffer += block[..<got]
      return true
    }
  }
}
