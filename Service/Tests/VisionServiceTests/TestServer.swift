import Foundation
import NIOConcurrencyHelpers
import VisionService

/// A service on a port of the system's choice, for the time of one test.
struct TestServer: Sendable {
  let port: Int
  let service: VisionService

  /// Runs `body` beside a service, and ends it as a signal does.
  static func run(
    _ model: TestModel, _ change: (inout ServiceSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> Void
  ) async throws {
    var settings = ServiceSettings(models: [ModelSource(name: "m", location: model.path)])
    settings.address.port = 0
    settings.workers = 2
    settings.reloadSeconds = 0
    change(&settings)
    let service = VisionService(settings)
    let (ports, source) = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { source.finish() }
        try await service.run(signals: false) { _ in
        } ready: {
          source.yield($0)
        }
      }
      var iterator = ports.makeAsyncIterator()
      if let port = await iterator.next() {
        do {
          try await body(TestServer(port: port, service: service))
        } catch {
          await service.stop()
          throw error
        }
        await service.stop()
      }
      try await group.waitForAll()
    }
  }

  /// One request on a connection of its own.
  func ask(
    _ method: String, _ path: String, _ body: [UInt8] = [], _ headers: [String: String] = [:]
  ) async throws -> TestClient.Answer {
    let client = try TestClient(port: port)
    try await client.send(Self.request(method, path, body, headers))
    return try await client.answer(isToHead: method == "HEAD")
  }

  /// A request's bytes; an empty header leaves it out.
  static func request(
    _ method: String, _ path: String, _ body: [UInt8] = [], _ headers: [String: String] = [:]
  ) -> [UInt8] {
    var all = ["Host": "localhost", "Content-Length": "\(body.count)"]
    for (name, value) in headers { all[name] = value }
    let lines = all.filter { !$0.value.isEmpty }.map { "\($0): \($1)\r\n" }.joined()
    return Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8) + body
  }
}
