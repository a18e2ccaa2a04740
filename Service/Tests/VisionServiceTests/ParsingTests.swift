import Testing
import VisionServing

@testable import VisionService

@Suite struct ParsingTests {
  @Test func partsOfMultipartHaveNamesFilesAndContents() throws {
    let body =
      "preamble\r\n--b \r\nContent-Disposition: form-data; name=\"a\"; filename=\"x; \\\"1\\\".png\"\r\n"
      + "content-type: image/png\r\n\r\n\r\n--c\r\nend\r\n--b\r\nContent-Disposition: form-data; name=t\r\n\r\n\r\n--b--\r\nepilogue"
    let parts = try Multipart(Array(body.utf8), boundary: "b", limit: 2).parts
    #expect(parts.map(\.name) == ["a", "t"] && parts.map(\.fileName) == ["x; \"1\".png", nil])
    #expect(parts.map(\.type) == ["image/png", nil])
    #expect(parts.map { String(decoding: $0.content, as: UTF8.self) } == ["\r\n--c\r\nend", ""])
    #expect(throws: ServiceError.self) { try Multipart(Array(body.utf8), boundary: "b", limit: 1) }
  }

  /// Bodies that end anywhere are refused or read, and never end the process.
  @Test func multipartThatEndsAnywhereIsNoDanger() throws {
    let body = Array(
      "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\nxyz\r\n--b--".utf8)
    var read = 0
    for count in 0...body.count {
      if (try? Multipart(Array(body.prefix(count)), boundary: "b", limit: 9)) != nil { read += 1 }
      _ = try? Multipart(Array(body.suffix(count)), boundary: "b", limit: 9)
    }
    #expect(read == 1)
  }

  @Test func searchingFindsTheFirstPlace() {
    let bytes = Array("abababc--ababc".utf8)
    #expect(Multipart.first(Array("ababc".utf8), in: bytes, from: 0) == 2)
    #expect(Multipart.first(Array("ababc".utf8), in: bytes, from: 3) == 9)
    #expect(Multipart.first(Array("ababd".utf8), in: bytes, from: 0) == nil)
    #expect(Multipart.first(Array("c".utf8), in: bytes, from: 13) == 13)
    #expect(Multipart.first(Array("ab".utf8), in: Array("a".utf8), from: 0) == nil)
  }

  @Test func queriesAreDecodedAndUnknownOnesRefused() throws {
    let query = try QueryParameters("a=1%20b+c&b=&c=2", known: ["a", "b", "c"])
    #expect(query.text("a") == "1 b c" && query.text("b") == "" && query.text("d") == nil)
    #expect(try query.integer("c", 1...3) == 2)
    for (text, code) in [
      ("a=%ff", "malformed"), ("a=%1", "malformed"), ("d=1", "parameter"), ("a=1&a=2", "parameter"),
    ] {
      let error = #expect(throws: ServiceError.self) { try QueryParameters(text, known: ["a"]) }
      #expect(error?.code == code)
    }
    for text in ["c=0", "c=4", "c=x", "c=1.0", "c=99999999999999999999"] {
      #expect(throws: ServiceError.self) { try QueryParameters(text, known: ["c"]).integer("c", 1...3) }
    }
    for text in ["c=nan", "c=inf", "c=2", "c="] {
      #expect(throws: ServiceError.self) { try QueryParameters(text, known: ["c"]).number("c", 0...1) }
    }
  }

  @Test func modelsAreCalledAsTheirFiles() {
    let names = [
      "yunet", "runs/dogs-1/model.onnx", "a/b/cars.v2.onnx", "./x.onnx", "n=a/b.onnx", "a/b=c.onnx",
    ]
    .map { ModelSource(argument: $0) }
    #expect(names.map(\.name) == ["yunet", "dogs-1", "cars.v2", "x", "n", "b=c"])
    #expect(names.map(\.location)[4] == "a/b.onnx" && names.map(\.location)[0] == "yunet")
  }

  @Test func histogramsCountWhatIsBelow() {
    var histogram = Histogram([1, 2])
    for value in [0.5, 1, 1.5, 9] { histogram.add(value) }
    #expect(
      histogram.lines("x", "a=\"b\"")
        == "x_bucket{a=\"b\",le=\"1.0\"} 2\nx_bucket{a=\"b\",le=\"2.0\"} 3\nx_bucket{a=\"b\",le=\"+Inf\"} 4\n"
        + "x_sum{a=\"b\"} 12.0\nx_count{a=\"b\"} 4\n")
    var page = MetricsPage()
    page.counter("c", "h", [([("l", "a\"\\\n")], 2)])
    #expect(page.text == "# HELP c h\n# TYPE c counter\nc{l=\"a\\\"\\\\\\n\"} 2\n")
  }

  @Test func base64MayBeADataURL() {
    #expect(
      JSONReading.base64("AQID") == [1, 2, 3]
        && JSONReading.base64("data:image/png;base64,AQID") == [1, 2, 3])
    #expect(
      JSONReading.base64("") == [] && JSONReading.base64("data:,AQID") == nil
        && JSONReading.base64("*") == nil)
  }
}
