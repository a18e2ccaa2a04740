import Foundation
import Testing

@testable import VisionService

/// Requests that are broken in every way: each gets a status of the 400s and the named error, and the next good one its answer.
@Suite struct BrokenRequestTests {
  private struct Case: Sendable {
    let name: String
    let bytes: [UInt8]
    let status: Int
    let code: String
  }

  private static func post(_ body: [UInt8], _ type: String, path: String = "/v1/classify") -> [UInt8] {
    TestServer.request("POST", path, body, ["Content-Type": type])
  }

  private static func cases() throws -> [Case] {
    let png = try TestModel.png(30, 20, red: 200)
    let json = "application/json"
    func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    func head(_ lines: String) -> [UInt8] { text("POST /v1/classify HTTP/1.1\r\nHost: a\r\n\(lines)\r\n") }
    let flood = (0..<2000).map { "X-\($0): y\r\n" }.joined()
    return [
      Case(name: "nothing", bytes: post([], "image/png"), status: 422, code: "empty"),
      Case(
        name: "cut short", bytes: post(Array(png.dropLast(40)), "image/png"), status: 422, code: "truncated"),
      Case(name: "no image", bytes: post(text("hello"), "image/png"), status: 415, code: "unsupported"),
      Case(name: "type", bytes: post(png, "text/html"), status: 415, code: "unsupported"),
      Case(
        name: "pixels", bytes: post(try TestModel.png(101, 100, red: 1), "image/png"), status: 413,
        code: "tooLarge"),
      Case(name: "path", bytes: TestServer.request("GET", "/v1/nothing"), status: 404, code: "unknownRoute"),
      Case(
        name: "dots", bytes: TestServer.request("GET", "/../../etc/passwd"), status: 404, code: "unknownRoute"
      ),
      Case(name: "method", bytes: TestServer.request("GET", "/v1/classify"), status: 405, code: "method"),
      Case(
        name: "model", bytes: post(png, "image/png", path: "/v1/classify?model=x"), status: 404,
        code: "unknownModel"),
      Case(
        name: "task", bytes: post(png, "image/png", path: "/v1/detect?model=m"), status: 404,
        code: "unknownModel"),
      Case(
        name: "no task", bytes: post(png, "image/png", path: "/v1/faces"), status: 404, code: "unknownModel"),
      Case(
        name: "top", bytes: post(png, "image/png", path: "/v1/classify?top=0"), status: 400, code: "parameter"
      ),
      Case(
        name: "unknown parameter", bytes: post(png, "image/png", path: "/v1/classify?tpo=1"), status: 400,
        code: "parameter"),
      Case(
        name: "twice", bytes: post(png, "image/png", path: "/v1/classify?top=1&top=2"), status: 400,
        code: "parameter"),
      Case(
        name: "percent", bytes: post(png, "image/png", path: "/v1/classify?model=%f"), status: 400,
        code: "malformed"),
      Case(
        name: "long", bytes: head("Content-Type: image/png\r\nContent-Length: 99999999\r\n"), status: 413,
        code: "tooLarge"),
      Case(name: "negative length", bytes: head("Content-Length: -1\r\n"), status: 400, code: "malformed"),
      Case(
        name: "two lengths", bytes: head("Content-Length: 3\r\nContent-Length: 4\r\n"), status: 400,
        code: "malformed"),
      Case(
        name: "length and chunks", bytes: head("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
        status: 400,
        code: "malformed"),
      Case(
        name: "chunk",
        bytes: head("Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n") + text("zz\r\nabc"),
        status: 400, code: "malformed"),
      Case(name: "no HTTP", bytes: [0, 1, 2, 13, 10, 13, 10], status: 400, code: "malformed"),
      Case(name: "many fields", bytes: head(flood), status: 431, code: "header"),
      Case(
        name: "long field", bytes: head("X: \(String(repeating: "a", count: 100_000))\r\n"), status: 431,
        code: "header"),
      Case(name: "no JSON", bytes: post(text(#"{"image":"#), json), status: 400, code: "malformed"),
      Case(
        name: "nested", bytes: post([UInt8](repeating: 0x5b, count: 100_000), json), status: 400,
        code: "malformed"),
      Case(
        name: "member", bytes: post(text(#"{"image": "", "x": 1}"#), json), status: 400, code: "malformed"),
      Case(
        name: "type of a member", bytes: post(text(#"{"image": 3}"#), json), status: 400, code: "malformed"),
      Case(name: "base64", bytes: post(text(#"{"image": "*"}"#), json), status: 400, code: "malformed"),
      Case(name: "no images", bytes: post(text(#"{"images": []}"#), json), status: 400, code: "malformed"),
      Case(
        name: "confidence of a classifier", bytes: post(text(#"{"image": "", "confidence": 0.5}"#), json),
        status: 400,
        code: "parameter"),
      Case(
        name: "many images",
        bytes: post(
          text("{\"images\": [\((0..<9).map { _ in "{\"image\": \"\"}" }.joined(separator: ", "))]}"), json),
        status: 413, code: "tooLarge"),
      Case(
        name: "no boundary", bytes: post(text("abc"), "multipart/form-data"), status: 400, code: "malformed"),
      Case(
        name: "other boundary", bytes: post(text("--y--"), "multipart/form-data; boundary=x"), status: 400,
        code: "malformed"),
      Case(
        name: "part cut short",
        bytes: post(
          text("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\nabc"),
          "multipart/form-data; boundary=x"), status: 400, code: "malformed"),
      Case(
        name: "part that is no file",
        bytes: post(
          text("--x\r\nContent-Disposition: form-data; name=\"top\"\r\n\r\n3\r\n--x--"),
          "multipart/form-data; boundary=x"),
        status: 400, code: "malformed"),
      Case(
        name: "script of another page",
        bytes: TestServer.request(
          "POST", "/v1/classify", png, ["Content-Type": "image/png", "Origin": "http://other.example"]),
        status: 403,
        code: "origin"),
      Case(
        name: "tensor", bytes: post(text(#"{"inputs": []}"#), json, path: "/v2/models/m/infer"), status: 400,
        code: "parameter"),
    ]
  }

  @Test func eachHasItsNamedError() async throws {
    let model = try TestModel()
    defer { model.remove() }
    let cases = try Self.cases()
    let good = Self.post(try TestModel.png(9, 9, red: 250), "image/png")
    try await TestServer.run(model) {
      $0.limits.pixels = 10_000
      $0.limits.images = 8
      $0.limits.bodyBytes = 1 << 20
    } _: { server in
      for broken in cases {
        let client = try TestClient(port: server.port)
        try await client.send(broken.bytes)
        let answer = try await client.answer()
        #expect(answer.status == broken.status && answer.code == broken.code, "\(broken.name): \(answer)")
        let next = try TestClient(port: server.port)
        try await next.send(good)
        #expect(try await next.answer().status == 200, "after \(broken.name)")
      }
    }
  }

  @Test func aBodyThatEndsEarlyIsMalformed() async throws {
    let model = try TestModel()
    defer { model.remove() }
    try await TestServer.run(model) { server in
      let client = try TestClient(port: server.port)
      try await client.send(
        TestServer.request(
          "POST", "/v1/classify", [1, 2, 3], ["Content-Type": "image/png", "Content-Length": "500"]))
      client.endSending()
      let answer = try await client.answer()
      #expect(answer.status == 400 && answer.code == "malformed")
    }
  }

  @Test func slowSendersAreToldSo() async throws {
    let model = try TestModel()
    defer { model.remove() }
    try await TestServer.run(model) {
      $0.limits.seconds = 0.3
    } _: { server in
      for start in [
        "POST /v1/classify HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 50\r\n\r\nabc",
        "POST /v1/classify HTTP/1.1\r\nHos", "",
      ] {
        let client = try TestClient(port: server.port)
        if !start.isEmpty { try await client.send(Array(start.utf8)) }
        let answer = try await client.answer()
        #expect(answer.status == 408 && answer.code == "slow", "\(start)")
        #expect(try await client.isClosed())
      }
    }
  }

  @Test func aConnectionGoesOnAfterAnError() async throws {
    let model = try TestModel()
    defer { model.remove() }
    let good = Self.post(try TestModel.png(9, 9, red: 250), "image/png")
    try await TestServer.run(model) { server in
      let client = try TestClient(port: server.port)
      for _ in 0..<3 {
        try await client.send(Self.post([1], "text/html"))
        #expect(try await client.answer().status == 415)
        try await client.send(good)
        #expect(try await client.answer().status == 200)
      }
    }
  }
}
