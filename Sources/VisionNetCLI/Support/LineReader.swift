import VisionNet

/// The lines of a file descriptor as bytes, without their ends.
struct LineReader {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// The next line, nil at the end or when `isCancelled` turns true while there is nothing to read.
  mutating func next(isCancelled: () -> Bool) throws(CommandError) -> [UInt8]? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
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
      if got < 0 { throw CommandError(.inputOutput, POSIX.message(errno), place: "standard input") }
      isAtEnd = got == 0
      buffer += block[..<got]
      return true
    }
  }
}
