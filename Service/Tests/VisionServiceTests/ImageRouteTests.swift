import Foundation
import Testing
import VisionNet
import VisionServing

@testable import VisionService

@Suite struct ImageRouteTests {
  private let png = ["Content-Type": "image/png"]

  private func withServer(
    _ change: (inout ServiceSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (TestServer) async throws -> Void
  ) async throws {
    let model = try TestModel()
    defer { model.remove() }
    try await TestServer.run(model, change, body)
  }

  @Test func anAnswerIsTheRecordOfTheModel() async throws {
    let model = try TestModel()
    defer { model.remove() }
    let bytes = try TestModel.png(20, 10, red: 240)
    let served = try ServedModel(name: "m", contentsOf: model.path)
    let expected = served.answers(to: [ServedImage(name: "a b.png", bytes: bytes, top: 1)])[0].json.text
    try await TestServer.run(model) { server in
      let answer = try await server.ask(
        "POST", "/v1/classify?top=1&name=a%20b.png", bytes, ["Content-Type": "image/png"])
      #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
      // All but the time.
      func withoutTime(_ text: String) -> String {
        text.replacing(/"milliseconds": [0-9.]+/, with: "").trimmingCharacters(in: .whitespacesAndNewlines)
      }
      #expect(withoutTime(answer.body) == withoutTime(expected))
      #expect(answer.body.contains(#""label": "light""#))
    }
  }

  @Test func severalImagesComeAsPartsAsJSONAndAsLines() async throws {
    let (dark, light) = (try TestModel.png(9, 9, red: 3), try TestModel.png(9, 9, red: 250))
    let encoded = [dark, light].map { Data($0).base64EncodedString() }
    func part(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
      Array("--xYz\r\nContent-Disposition: form-data; name=\"image\"; filename=\"\(name)\"\r\n\r\n".utf8)
        + bytes
        + Array("\r\n".utf8)
    }
    let multipart = part("d", dark) + part("l", light) + Array("--xYz--\r\n".utf8)
    let json =
      #"{"images": [{"image": "\#(encoded[0])", "name": "d"}, {"image": "data:image/png;base64,\#(encoded[1])", "name": "l"}], "top": 1}"#
    let lines =
      #"{"image": "\#(encoded[0])", "name": "d"}"# + "\n\n" + #"{"name": "l", "image": "\#(encoded[1])"}"#
    try await withServer { server in
      for (type, body) in [
        ("multipart/form-data; boundary=\"xYz\"", multipart), ("application/json", Array(json.utf8)),
        ("application/x-ndjson", Array(lines.utf8)),
      ] {
        for accept in ["*/*", "application/x-ndjson"] {
          let answer = try await server.ask(
            "POST", "/v1/classify", body, ["Content-Type": type, "Accept": accept])
          #expect(answer.status == 200)
          #expect(answer.body.hasPrefix("[") == (accept == "*/*"))
          let labels = answer.objects.map {
            ($0["predictions"] as? [[String: Any]])?.first?["label"] as? String
          }
          #expect(labels == ["dark", "light"] && answer.objects.map { $0["path"] as? String } == ["d", "l"])
        }
      }
      let one = try await server.ask(
        "POST", "/v1/classify", Array(#"{"image": "\#(encoded[1])", "top": 1}"#.utf8),
        ["Content-Type": "application/json"])
      #expect(
        one.status == 200 && (one.objects.first?["predictions"] as? [Any])?.count == 1
          && one.body.hasPrefix("{"))
    }
  }

  @Test func aHeatMapIsAPictureOrNumbers() async throws {
    let bytes = try TestModel.png(16, 8, red: 250)
    try await withServer { server in
      let picture = try await server.ask("POST", "/v1/explain", bytes, png)
      #expect(picture.status == 200 && picture.headers["content-type"] == "image/png")
      let image = try Image(encoded: picture.bytes)
      #expect(image.width == 16 && image.height == 8)
      for (query, label) in [("", "light"), ("?label=dark", "dark"), ("?index=0", "dark")] {
        let answer = try await server.ask(
          "POST", "/v1/explain\(query)", bytes, ["Content-Type": "image/png", "Accept": "application/json"])
        let object = answer.objects.first
        #expect(answer.status == 200 && object?["label"] as? String == label, "\(answer)")
        let evidence = try #require(object?["evidence"] as? [Double])
        // The network's last feature map is its input, 8 × 8: each place has the same share of the logit, ∓1 times the red.
        #expect(object?["columns"] as? Int == 8 && object?["rows"] as? Int == 8 && evidence.count == 64)
        let share = (label == "light" ? 1 : -1) * (250 * 0.02 - 2.55) / 64
        #expect(evidence.allSatisfy { abs($0 - share) < 1e-5 }, "\(share) \(evidence)")
      }
      for (query, status, code) in [
        ("?label=other", 422, "invalidArgument"), ("?index=2", 422, "invalidArgument"),
        ("?index=0&label=dark", 400, "parameter"), ("?top=1", 400, "parameter"),
      ] {
        let wrong = try await server.ask("POST", "/v1/explain\(query)", bytes, png)
        #expect(wrong.status == status && wrong.code == code, "\(query) \(wrong)")
      }
    }
  }

  @Test func embeddingsAreNumbers() async throws {
    let bytes = try TestModel.png(16, 8, red: 250)
    try await withServer { server in
      let answer = try await server.ask("POST", "/v1/embed?name=x", bytes, png)
      let numbers = try #require(answer.objects.first?["embedding"] as? [Double])
      // What the network multiplies by its only weights: the mean of each channel.
      let expected = [250, 7, 7].map { $0 * 0.02 - 2.55 }
      #expect(answer.status == 200 && answer.objects.first?["path"] as? String == "x")
      #expect(numbers.count == 3 && zip(numbers, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(numbers)")
      #expect(try await server.ask("POST", "/v1/embed?top=3", bytes, png).code == "parameter")
    }
  }

  @Test func badImagesAmongGoodOnesHaveErrorsInTheirPlaces() async throws {
    let good = Data(try TestModel.png(9, 9, red: 3)).base64EncodedString()
    try await withServer { server in
      let mixed = try await server.ask(
        "POST", "/v1/classify", Array(#"{"images": [{"image": "AAAA"}, {"image": "\#(good)"}]}"#.utf8),
        ["Content-Type": "application/json"])
      #expect(mixed.status == 200 && mixed.objects.count == 2)
      #expect((mixed.objects.first?["error"] as? [String: Any])?["code"] as? String == "unsupported")
      let bad = try await server.ask(
        "POST", "/v1/classify", Array(#"{"images": [{"image": "AAAA"}]}"#.utf8),
        ["Content-Type": "application/json"])
      #expect(bad.status == 415 && bad.body.hasPrefix("["))
    }
  }

  @Test func moreImagesThanMayWaitAreRefusedForNow() async throws {
    let image = #"{"image": "\#(Data(try TestModel.png(9, 9, red: 3)).base64EncodedString())"}"#
    try await withServer {
      $0.limits.queue = 2
    } _: { server in
      for accept in ["*/*", "application/x-ndjson"] {
        let answer = try await server.ask(
          "POST", "/v1/classify", Array(#"{"images": [\#(image), \#(image), \#(image)]}"#.utf8),
          ["Content-Type": "application/json", "Accept": accept])
        if accept == "*/*" {
          #expect(answer.status == 429 && answer.code == "queueFull" && answer.headers["retry-after"] == "1")
        } else {
          // Those that are streamed wait for room.
          #expect(answer.status == 200 && answer.objects.count == 3)
        }
      }
    }
  }

  @Test func bodiesTogetherTakeALimitedMemory() async throws {
    let bytes = try TestModel.png(9, 9, red: 3)
    try await withServer {
      // One byte too few for a whole body beside one that lacks its last byte.
      $0.limits.allBodies = 2 * bytes.count - 2
    } _: { server in
      let first = try TestClient(port: server.port)
      let request = TestServer.request("POST", "/v1/classify", bytes, ["Content-Type": "image/png"])
      try await first.send(Array(request.dropLast()))
      try await Task.sleep(for: .milliseconds(200))
      let second = try await server.ask("POST", "/v1/classify", bytes, ["Content-Type": "image/png"])
      #expect(second.status == 429 && second.code == "queueFull")
      try await first.send([request[request.count - 1]])
      #expect(try await first.answer().status == 200)
      // What a request took is given back.
      #expect(
        try await server.ask("POST", "/v1/classify", bytes, ["Content-Type": "image/png"]).status == 200)
    }
  }

  @Test func imagesOfSeveralRequestsShareARun() async throws {
    let bytes = try TestModel.png(9, 9, red: 3)
    try await withServer {
      $0.batching.size = 4
      $0.batching.milliseconds = 2000
      $0.workers = 1
    } _: { server in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await server.ask("POST", "/v1/classify", bytes, ["Content-Type": "image/png"]).status
          }
        }
        for try await status in group { #expect(status == 200) }
      }
      let metrics = try await server.ask("GET", "/metrics").body
      #expect(metrics.contains("visionnet_batch_images_count{model=\"m\"} 1\n"), "\(metrics)")
      #expect(metrics.contains("visionnet_images_total{model=\"m\"} 4\n"))
      // One alone waits no longer than the deadline.
      #expect(
        try await server.ask("POST", "/v1/classify", bytes, ["Content-Type": "image/png"]).status == 200)
    }
  }
}
