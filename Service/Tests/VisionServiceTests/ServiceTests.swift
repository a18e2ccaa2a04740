import Foundation
import NIOConcurrencyHelpers
import Testing
import VisionNet
import VisionSystem

@testable import VisionService

@Suite struct ServiceTests {
  private let png = ["Content-Type": "image/png"]

  private func withServer(
    _ change: (inout ServiceSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> Void
  ) async throws {
    let model = try TestModel()
    defer { model.remove() }
    try await TestServer.run(model, change, body)
  }

  @Test func healthModelsAndMetricsAnswer() async throws {
    try await withServer { server in
      #expect(try await server.ask("GET", "/v2/health/live").body == "{\"live\": true}\n")
      #expect(try await server.ask("GET", "/v2/health/ready").body == "{\"ready\": true}\n")
      let models = try await server.ask("GET", "/v1/models").objects.first?["models"] as? [[String: Any]]
      #expect(models?.first?["name"] as? String == "m" && models?.first?["classes"] as? Int == 2)
      let model = try await server.ask("GET", "/v1/models/m").objects.first
      #expect(model?["labels"] as? [String] == ["dark", "light"])
      #expect(try await server.ask("GET", "/v1/models/x").code == "unknownModel")
      let metrics = try await server.ask("GET", "/metrics")
      #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
      #expect(
        metrics.body.contains("visionnet_requests_total{route=\"/v1/models/{name}\",status=\"404\"} 1\n"))
      let head = try await server.ask("HEAD", "/v1/models")
      #expect(head.status == 200)
    }
  }

  @Test func theDescriptionHasEveryRouteAndNoOther() async throws {
    try await withServer { server in
      let text = try await server.ask("GET", "/openapi.json").body
      let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      let described = Set(paths.flatMap { path, methods in methods.keys.map { "\($0) \(path)" } })
      let routes = server.service.routes.filter { $0.operation != nil }
      #expect(described == Set(routes.map { "\($0.method.rawValue.lowercased()) \($0.path)" }))
      #expect(routes.count == server.service.routes.count - 4, "all but the page's three and the description")
    }
  }

  @Test func theTokenIsAskedForButByWhatIsOpen() async throws {
    try await withServer {
      $0.access.token = "0123456789abcdef"
    } _: { server in
      for path in ["/", "/page.js", "/page.css", "/openapi.json", "/v2/health/ready"] {
        #expect(try await server.ask("GET", path).status == 200)
      }
      for (given, status) in [("", 401), ("Bearer 0123456789abcdeF", 401), ("Bearer 0123456789abcdef", 200)] {
        for path in ["/v1/models", "/metrics", "/v2/models/m"] {
          let answer = try await server.ask("GET", path, [], ["Authorization": given])
          #expect(
            answer.status == status && (status == 200 || answer.headers["www-authenticate"] == "Bearer"))
        }
      }
    }
  }

  @Test func scriptsOfOtherPagesMayAskWhereTheyAreNamed() async throws {
    try await withServer {
      $0.access.origins = ["https://a.example"]
    } _: { server in
      let preflight = try await server.ask("OPTIONS", "/v1/classify", [], ["Origin": "https://a.example"])
      #expect(preflight.status == 204 && preflight.headers["access-control-allow-methods"] == "POST")
      let good = try await server.ask("GET", "/v1/models", [], ["Origin": "https://a.example"])
      #expect(good.status == 200 && good.headers["access-control-allow-origin"] == "https://a.example")
      let other = try await server.ask("GET", "/v1/models", [], ["Origin": "https://b.example"])
      #expect(other.status == 403 && other.headers["access-control-allow-origin"] == nil)
      #expect(try await server.ask("GET", "/v1/models", [], ["Origin": "http://localhost"]).status == 200)
    }
  }

  @Test func aChangedFileIsTakenAndABrokenOneIsNot() async throws {
    let model = try TestModel()
    defer { model.remove() }
    let bytes = try TestModel.png(9, 9, red: 250)
    try await TestServer.run(model) {
      $0.reloadSeconds = 0.05
    } _: { server in
      func label() async throws -> String {
        let answer = try await server.ask("POST", "/v1/classify", bytes, ["Content-Type": "image/png"])
        #expect(answer.status == 200)
        return (answer.objects.first?["predictions"] as? [[String: Any]])?.first?["label"] as? String ?? ""
      }
      func wait(_ line: String) async throws {
        for _ in 0..<400 {
          if try await server.ask("GET", "/metrics").body.contains(line) { return }
          #expect(["light", "bright"].contains(try await label()))
          try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("\(line) did not come")
      }
      #expect(try await label() == "light")
      try model.replace(labels: ["dim", "bright"])
      try await wait("visionnet_model_reloads_total{model=\"m\"} 1\n")
      #expect(try await label() == "bright")
      try Data("no model".utf8).write(to: URL(fileURLWithPath: model.path))
      try await wait("visionnet_model_reload_failures_total{model=\"m\"} 1\n")
      #expect(try await label() == "bright")
    }
  }

  @Test func theModelThatWasNotAskedForTheLongestIsPutAway() async throws {
    let (a, b) = (try TestModel(), try TestModel(labels: ["no", "yes"]))
    defer { [a, b].forEach { $0.remove() } }
    let size = try #require(FileManager.default.contents(atPath: b.path)?.count)
    let bytes = try TestModel.png(9, 9, red: 250)
    try await TestServer.run(a) {
      $0.models = [ModelSource(name: "a", location: a.path), ModelSource(name: "b", location: b.path)]
      $0.memory = 3 * size
    } _: { server in
      func loaded() async throws -> [Bool] {
        let models = try await server.ask("GET", "/v1/models").objects.first?["models"] as? [[String: Any]]
        return models?.map { $0["loaded"] as? Bool ?? false } ?? []
      }
      #expect(try await loaded() == [false, true])
      for (name, label, left) in [("a", "light", [true, false]), ("b", "yes", [false, true])] {
        let answer = try await server.ask(
          "POST", "/v1/classify?model=\(name)", bytes, ["Content-Type": "image/png"])
        #expect(answer.status == 200 && answer.body.contains("\"\(label)\""))
        #expect(try await loaded() == left)
      }
    }
    await #expect(throws: ServiceError.self) {
      try await TestServer.run(a) {
        $0.memory = size
      } _: { _ in
      }
    }
  }

  @Test func everyRequestThatHasBegunIsAnsweredWhenItStops() async throws {
    let bytes = try TestModel.png(1500, 1500, red: 250)
    let statuses = NIOLockedValueBox<[Int]>([])
    try await withServer { server in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let clients = try (0..<8).map { _ in try TestClient(port: server.port) }
        for client in clients {
          let request = TestServer.request("POST", "/v1/classify", bytes, ["Content-Type": "image/png"])
          // All but the last byte has come when the service is told to stop.
          try await client.send(Array(request.dropLast()))
        }
        // Until the heads are read: requests that have not begun are not taken.
        try await Task.sleep(for: .milliseconds(300))
        group.addTask { await server.service.stop() }
        for client in clients {
          group.addTask {
            try await client.send([bytes[bytes.count - 1]])
            let answer = try await client.answer()
            // The client must not send another request over it.
            #expect(answer.headers["connection"] == "close")
            statuses.withLockedValue { $0.append(answer.status) }
          }
        }
        try await group.waitForAll()
      }
    }
    #expect(statuses.withLockedValue { $0 } == [Int](repeating: 200, count: 8))
  }

  @Test func tensorsGoThroughTheNetwork() async throws {
    try await withServer { server in
      let metadata = try await server.ask("GET", "/v2/models/m").objects.first
      let input = (metadata?["inputs"] as? [[String: Any]])?.first
      #expect(input?["datatype"] as? String == "FP32" && input?["shape"] as? [Int] == [-1, 3, 8, 8])
      let name = try #require(input?["name"] as? String)
      // Red of 1 and 0 in two samples: the scores are ∓red.
      let data = [Float](repeating: 1, count: 64) + [Float](repeating: 0, count: 128 + 192)
      let body =
        #"{"id": "q", "inputs": [{"name": "\#(name)", "shape": [2, 3, 8, 8], "datatype": "FP32", "data": \#(data)}]}"#
      let answer = try await server.ask(
        "POST", "/v2/models/m/infer", Array(body.utf8), ["Content-Type": "application/json"])
      let object = try #require(answer.objects.first)
      let output = try #require((object["outputs"] as? [[String: Any]])?.first)
      #expect(output["name"] as? String == "probabilities")
      #expect(object["id"] as? String == "q" && output["shape"] as? [Int] == [2, 2])
      let numbers = try #require(output["data"] as? [Double])
      // Softmax of (−1, 1) and of (0, 0).
      let expected = [0.11920292202211755, 0.8807970779778823, 0.5, 0.5]
      #expect(zip(numbers, expected).allSatisfy { abs($0 - $1) < 1e-6 } && numbers.count == 4, "\(numbers)")
      for (from, to) in [
        ("[2, 3, 8, 8]", "[2, 3, 8, 9]"), ("[2, 3, 8, 8]", "[3, 3, 8, 8]"), ("FP32", "INT64"),
        ("\"\(name)\"", "\"nobody\""),
      ] {
        let wrong = try await server.ask(
          "POST", "/v2/models/m/infer", Array(body.replacingOccurrences(of: from, with: to).utf8),
          ["Content-Type": "application/json"])
        #expect(wrong.status == 400 && wrong.code == "parameter", "\(from) \(wrong)")
      }
    }
  }

  @Test func tensorsMayBeBytesBehindTheJSON() async throws {
    try await withServer { server in
      let metadata = try await server.ask("GET", "/v2/models/m").objects.first
      let name = try #require(((metadata?["inputs"] as? [[String: Any]])?.first)?["name"] as? String)
      let data = [Float](repeating: 1, count: 64) + [Float](repeating: 0, count: 128)
      let bytes = data.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
      func ask(_ size: Int, _ bytes: [UInt8], _ rest: String = "", header: Int = 0) async throws
        -> TestClient.Answer
      {
        let json = Array(
          #"{"inputs": [{"name": "\#(name)", "shape": [1, 3, 8, 8], "datatype": "FP32", "parameters": {"binary_data_size": \#(size)}}]\#(rest)}"#
            .utf8)
        return try await server.ask(
          "POST", "/v2/models/m/infer", json + bytes,
          [
            "Content-Type": "application/octet-stream",
            "Inference-Header-Content-Length": "\(header == 0 ? json.count : header)",
          ])
      }
      let text = try await ask(768, bytes)
      let output = try #require((text.objects.first?["outputs"] as? [[String: Any]])?.first)
      let numbers = try #require(output["data"] as? [Double])
      #expect(text.status == 200 && numbers.count == 2 && abs(numbers[1] - 0.8807970779778823) < 1e-6)
      for rest in [
        #", "parameters": {"binary_data_output": true}"#,
        #", "outputs": [{"name": "probabilities", "parameters": {"binary_data": true}}]"#,
      ] {
        let binary = try await ask(768, bytes, rest)
        let length = try #require(Int(binary.headers["inference-header-content-length"] ?? ""))
        #expect(binary.status == 200 && binary.headers["content-type"] == "application/octet-stream")
        #expect((binary.bytes.count - length) % 8 == 0 && binary.bytes.count > length)
        let json = String(decoding: binary.bytes.prefix(length), as: UTF8.self)
        #expect(json.contains(#""parameters": {"binary_data_size": 8}"#) && !json.contains(#""data""#))
        let floats = stride(from: length, to: binary.bytes.count, by: 4).map { start in
          Float(
            bitPattern: binary.bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
        }
        // The probabilities are the first output.
        #expect(Array(floats.prefix(2)) == numbers.map { Float($0) })
      }
      for (answer, code) in [
        (try await ask(764, bytes), "malformed"), (try await ask(772, bytes), "malformed"),
        (try await ask(766, Array(bytes.dropLast(2))), "parameter"),
        (try await ask(764, Array(bytes.dropLast(4))), "parameter"),
        (try await ask(-4, bytes), "malformed"), (try await ask(768, bytes, header: 9999), "malformed"),
        (try await ask(768, bytes, header: -1), "malformed"),
      ] {
        #expect(answer.status == 400 && answer.code == code, "\(answer)")
      }
    }
  }

  @Test func theReportBesideAModelIsShown() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try TestModel()
    defer { model.remove() }
    try FileManager.default.copyItem(atPath: model.path, toPath: folder + "/model.onnx")
    try Data("<p>how it went</p>".utf8).write(to: URL(fileURLWithPath: folder + "/report.html"))
    try await TestServer.run(model) {
      $0.models.append(ModelSource(name: "a run", location: folder))
      $0.models.append(ModelSource(name: "b", location: folder + "/model.onnx"))
    } _: { server in
      let models = try await server.ask("GET", "/v1/models").objects.first?["models"] as? [[String: Any]]
      #expect(models?.map { $0["report"] as? Bool } == [false, true, true])
      for name in ["a%20run", "b"] {
        let page = try await server.ask("GET", "/report/\(name)")
        #expect(page.status == 200 && page.body == "<p>how it went</p>")
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none';") == true)
      }
      let none = try await server.ask("GET", "/report/m")
      #expect(none.status == 404 && none.code == "unknownRoute")
      #expect(try await server.ask("GET", "/report/x").code == "unknownModel")
      #expect(try await server.ask("GET", "/report/..%2Fm").code == "unknownModel")
    }
  }

  @Test func aModelThatCannotBeReadEndsTheStart() async throws {
    let model = try TestModel()
    model.remove()
    await #expect(throws: StoreError.self) { try await TestServer.run(model) { _ in } }
  }
}
