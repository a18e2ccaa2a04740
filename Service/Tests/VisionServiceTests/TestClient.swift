import Foundation

/// A client that sends the bytes it is given, right or wrong.
final class TestClient: @unchecked Sendable {
  // Checked by hand: one test uses it, one call after the other.
  private let descriptor: Int32
  private var received: [UInt8] = []

  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let bytes: [UInt8]

    var body: String { String(decoding: bytes, as: UTF8.self) }

    /// The member `error.code`; nil where there is none.
    var code: String? {
      let object = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
      return (object?["error"] as? [String: Any])?["code"] as? String
    }

    /// The JSON object, or the objects of an array or of lines.
    var objects: [[String: Any]] {
      if let all = try? JSONSerialization.jsonObject(with: Data(body.utf8)) {
        return (all as? [[String: Any]]) ?? (all as? [String: Any]).map { [$0] } ?? []
      }
      return body.split(separator: "\n").compactMap {
        (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
      }
    }
  }

  struct Closed: Error {}

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Closed() }
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Waiting blocks a thread, which must not be one of those that tasks run on.
  private static func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
    -> Result
  {
    // The lock orders for the thread sanitizer what the concurrency library, which it does not see, orders by itself.
    let lock = NSLock()
    let result = await withCheckedContinuation { continuation in
      Thread {
        let result = Swift.Result { try body() }
        lock.withLock { continuation.resume(returning: result) }
      }.start()
    }
    return try lock.withLock { result }.get()
  }

  func send(_ bytes: [UInt8]) async throws {
    try await Self.blocking { [self] in
      var done = 0
      while done < bytes.count {
        let count = bytes.withUnsafeBytes {
          Foundation.send(
            descriptor, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw Closed() }
        done += count
      }
    }
  }

  /// Says that nothing more comes.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next answer; those with status 100 are passed over.
  ///
  /// - Parameter isToHead: whether it answers HEAD, and so has no body whatever its length says.
  func answer(isToHead: Bool = false) async throws -> Answer {
    try await Self.blocking { [self] in
      while true {
        let answer = try nextAnswer(isToHead: isToHead)
        if answer.status != 100 { return answer }
      }
    }
  }

  /// Whether the server closes the connection, before anything else comes.
  func isClosed() async throws -> Bool {
    try await Self.blocking { [self] in
      guard received.isEmpty else { return false }
      do { try fill() } catch { return true }
      return false
    }
  }

  private func nextAnswer(isToHead: Bool) throws -> Answer {
    let end = Array("\r\n\r\n".utf8)
    var head = 0
    while true {
      if let found = received.indices.first(where: { received[$0...].starts(with: end) }) {
        head = found
        break
      }
      try fill()
    }
    let lines = String(decoding: received[..<head], as: UTF8.self).components(separatedBy: "\r\n")
    received.removeFirst(head + 4)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
    return Answer(
      status: status, headers: headers,
      bytes: isToHead ? [] : try body(status, headers))
  }

  private func body(_ status: Int, _ headers: [String: String]) throws -> [UInt8] {
    if headers["transfer-encoding"] == "chunked" {
      var body: [UInt8] = []
      while true {
        let line = try take(until: "\r\n")
        let count = Int(String(decoding: line, as: UTF8.self), radix: 16) ?? 0
        body += try take(count)
        _ = try take(2)
        if count == 0 { return body }
      }
    }
    return status == 100 || status == 204 ? [] : try take(Int(headers["content-length"] ?? "0") ?? 0)
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while received.count < count { try fill() }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  private func take(until end: String) throws -> [UInt8] {
    let end = Array(end.utf8)
    while true {
      if let found = received.indices.first(where: { received[$0...].starts(with: end) }) {
        defer { received.removeFirst(found + end.count) }
        return Array(received[..<found])
      }
      try fill()
    }
  }

  private func fill() throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw Closed() }
    received += buffer[..<count]
  }
}
