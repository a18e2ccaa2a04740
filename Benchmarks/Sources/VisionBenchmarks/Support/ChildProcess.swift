#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program run to its end, with what it cost.
struct ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let output: String
  let seconds: Double
  /// User and system time.
  let processorSeconds: Double
  /// The most memory that it has had, in bytes.
  let peakBytes: Int

  /// Runs a program; its messages go where ours go.
  ///
  /// - Throws: `Failure` when it cannot be started or ends with another status than 0.
  init(_ arguments: [String]) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(String(cString: strerror(errno)))") }
    defer { close(ends[0]) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    let start = Stopwatch.now
    var process: pid_t = 0
    let failure = posix_spawnp(&process, arguments[0], &actions, nil, &strings, environ)
    close(ends[1])
    guard failure == 0 else {
      throw Failure(description: "\(arguments[0]): \(String(cString: strerror(failure)))")
    }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends[0], &block, block.count)
      if count > 0 {
        bytes += block[..<count]
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    seconds = Stopwatch.now - start
    output = String(decoding: bytes, as: UTF8.self)
    processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    #if canImport(Darwin)
      peakBytes = Int(usage.ru_maxrss)
    #else
      peakBytes = Int(usage.ru_maxrss) * 1024
    #endif
    guard status == 0 else {
      throw Failure(
        description: "\(arguments.joined(separator: " ")) ended with status \(status >> 8 & 0xff)")
    }
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
  }

  /// The number under a name in the JSON that it wrote.
  func number(_ name: String) -> Double? {
    guard let key = output.range(of: "\"\(name)\": ") else { return nil }
    return Double(output[key.upperBound...].prefix { "0123456789.eE+-".contains($0) })
  }
}

extension String {
  /// Where a text occurs first; Foundation's search would bring Foundation.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
