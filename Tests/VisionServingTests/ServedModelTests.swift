import Foundation
import Testing
import VisionImage
import VisionInference
import VisionModel
import VisionNet
import VisionSystem
import VisionTasks
import VisionTestSupport

@testable import VisionServing

@Suite struct ServedModelTests {
  @discardableResult
  private func withModel<Result>(_ model: Model, _ body: (ServedModel, String) throws -> Result) throws
    -> Result
  {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("served-\(UUID()).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    return try body(try ServedModel(name: "m", contentsOf: path), path)
  }

  /// The members of an answer but for the time, which differs.
  private func members(_ answer: ServedAnswer) throws -> [String: String] {
    guard case .object(let members) = answer.json else {
      Issue.record("no object")
      return [:]
    }
    return Dictionary(members.map { ($0.0, $0.1.text) }) { a, _ in a }
  }

  @Test func aClassifierAnswersAsTheCommandDoes() throws {
    try withModel(try TinyBackbone.model()) { served, path in
      #expect(served.task == .classification && served.labels == ["a", "b", "c", "d", "e"])
      let images = try [[200, 30, 40], [1, 2, 250]].map { try ServedNetworks.png(20, 14, $0) }
      let answers = served.answers(
        to: images.enumerated().map { ServedImage(name: "\($0).png", bytes: $1, top: $0 + 2) })
      let classifier = try ImageClassifier(contentsOf: path, threads: 1)
      for (index, answer) in answers.enumerated() {
        let best = try classifier.classify(images.map { try Image(encoded: $0) }, top: index + 2)[index]
        let expected = JSON.array(
          best.map {
            [
              "label": .string($0.label), "index": .integer($0.index), "probability": .float($0.probability),
            ]
          })
        let found = try members(answer)
        #expect(found["predictions"] == expected.text)
        #expect(found["path"] == "\"\(index).png\"" && found["width"] == "20" && found["height"] == "14")
        #expect(found["model"] == "\"m\"" && found["version"] == "\"\(served.version)\"")
        #expect(answer.errorCode == nil && answer.blame == nil)
      }
    }
  }

  @Test func theMembersAreThoseOfRecordsWithModelAndVersionBehind() throws {
    try withModel(try TinyBackbone.model()) { served, _ in
      let answer = served.answers(
        to: [ServedImage(name: "-", bytes: try ServedNetworks.png(9, 9, [0, 0, 0]))])[0]
      guard case .object(let members) = answer.json else {
        Issue.record("no object")
        return
      }
      #expect(
        members.map(\.0) == [
          "schema", "path", "width", "height", "predictions", "unknown", "threshold", "milliseconds", "model",
          "version",
        ])
    }
  }

  @Test func aDetectorFindsWhatIsAboveTheScoreAskedFor() throws {
    try withModel(try ServedNetworks.detector()) { served, _ in
      #expect(served.task == .detection)
      let bytes = try ServedNetworks.png(40, 20, [192, 10, 16])
      func found(_ confidence: Float?) throws -> String {
        let asked = ServedImage(name: "x", bytes: bytes, confidence: confidence)
        return try members(served.answers(to: [asked])[0])["detections"] ?? ""
      }
      let box = #""box": {"x": 10.0, "y": 5.0, "width": 20.0, "height": 5.0}"#
      let red = #"{"label": "red", "index": 0, "score": 0.75, \#(box)}"#
      let (all, most) = (try found(nil), try found(0.05))
      #expect(all == "[\(red)]")
      #expect(try found(0.99) == "[]")
      #expect(
        most == #"[\#(red), {"label": "blue", "index": 1, "score": 0.0625, \#(box)}]"#)
    }
  }

  @Test func facesHavePoints() throws {
    try withModel(try FaceNetwork.model()) { served, _ in
      #expect(served.task == .faces)
      let image = try FaceNetwork.image(96, 32, faces: [(64, 0)])
      let answer = served.answers(to: [ServedImage(name: "f", bytes: try image.pngData())])[0]
      let faces = try members(answer)["faces"] ?? ""
      #expect(faces.contains(#""box": {"x": 64.0, "y": 0.0, "width": 32.0, "height": 32.0}"#), "\(faces)")
      #expect(faces.contains(#""points": [{"x": 72.0, "y": 12.0}, "#), "\(faces)")
    }
  }

  @Test func anEmbeddingIsWhatEntersTheLastLayer() throws {
    var model = try TinyBackbone.model()
    let bytes = try [[200, 30, 40], [1, 2, 250]].map { try ServedNetworks.png(20, 14, $0) }
    let expected = try ImageClassifier(model, threads: 1).embeddings(bytes.map { try Image(encoded: $0) })
    // The second model does not say which value it is.
    for isNamed in [true, false] {
      if !isNamed { model.embedding = nil }
      try withModel(model) { served, _ in
        let answers = served.answers(
          to: bytes.map { ServedImage(name: "-", bytes: $0) }, asking: .embedding)
        for (answer, numbers) in zip(answers, expected) {
          let found = try members(answer)
          #expect(numbers.count == 8)
          #expect(found["embedding"] == JSON.array(numbers.map { .float($0) }).text, "\(isNamed)")
          #expect(found["width"] == "20" && found["model"] == "\"m\"" && answer.errorCode == nil)
        }
      }
    }
    try withModel(try ServedNetworks.detector()) { served, _ in
      let answer = served.answers(to: [ServedImage(name: "-", bytes: bytes[0])], asking: .embedding)[0]
      #expect(answer.errorCode == "embedding")
    }
  }

  @Test func aHeatMapIsTheExplainers() throws {
    let model = try TinyBackbone.model()
    let bytes = try ServedNetworks.png(30, 20, [200, 30, 40])
    let image = try Image(encoded: bytes)
    try withModel(model) { served, _ in
      let best = try ImageClassifier(model, threads: 1).classify(image, top: 1)[0]
      let explainer = try Explainer(model)
      for (target, index) in [(nil, best.index), (.label("d"), 3), (ServedClass.index(1), 1)] {
        let asked = ServedImage(name: "-", bytes: bytes, target: target)
        let answer = served.answers(to: [asked], asking: .heatMap(isPicture: true))[0]
        let map = try explainer.heatMap(of: image, class: index, threads: 1)
        let found = try members(answer)
        #expect(found["index"] == "\(index)" && found["label"] == "\"\(served.labels[index])\"")
        #expect(found["columns"] == "\(map.width)" && found["rows"] == "\(map.height)")
        #expect(found["evidence"] == JSON.array(map.evidence.map { .float($0) }).text)
        #expect(try answer.picture == map.overlay(on: image).pngData())
        #expect(served.answers(to: [asked], asking: .heatMap(isPicture: false))[0].picture == nil)
      }
      for target in [ServedClass.label("D"), .index(5), .index(-1)] {
        let asked = ServedImage(name: "-", bytes: bytes, target: target)
        let answer = served.answers(to: [asked], asking: .heatMap(isPicture: true))[0]
        #expect(answer.errorCode == "invalidArgument" && answer.picture == nil)
      }
    }
  }

  @Test func picturesOfLargeImagesAreSmaller() throws {
    try withModel(try TinyBackbone.model()) { served, _ in
      let bytes = try ServedNetworks.png(2048, 3, [200, 30, 40])
      let answer = served.answers(
        to: [ServedImage(name: "-", bytes: bytes)], asking: .heatMap(isPicture: true))[0]
      let picture = try Image(encoded: try #require(answer.picture))
      #expect(picture.width == 1024 && picture.height == 2)
      #expect(try members(answer)["width"] == "2048")
    }
  }

  @Test func badImagesAmongGoodOnesSpoilTheirOwnAnswersOnly() throws {
    try withModel(try TinyBackbone.model()) { served, _ in
      let good = try ServedNetworks.png(16, 16, [9, 200, 30])
      let bad: [(bytes: [UInt8], code: String)] = [
        ([], "empty"), (Array("no image".utf8), "unsupported"), (Array(good.dropLast(30)), "truncated"),
      ]
      let answers = served.answers(
        to: bad.map { ServedImage(name: $0.code, bytes: $0.bytes) } + [ServedImage(name: "good", bytes: good)]
      )
      #expect(answers.map(\.errorCode) == bad.map(\.code) + [nil])
      #expect(answers.dropLast().allSatisfy { $0.blame == .data })
      #expect(try members(answers[0])["error"] == #"{"code": "empty", "message": "the file is empty"}"#)
    }
  }

  @Test func imagesAboveTheLimitsAreRefused() throws {
    try withModel(try TinyBackbone.model()) { served, _ in
      let asked = ServedImage(name: "x", bytes: try ServedNetworks.png(40, 20, [1, 2, 3]))
      for limits in [ServedLimits(pixels: 799), ServedLimits(side: 39), ServedLimits(bytes: 20)] {
        #expect(served.answers(to: [asked], limits: limits)[0].errorCode == "tooLarge")
      }
      #expect(served.answers(to: [asked], limits: ServedLimits(pixels: 800, side: 40))[0].errorCode == nil)
    }
  }

  @Test func theVersionIsThatOfTheFile() throws {
    let first = try withModel(try TinyBackbone.model(seed: 3)) { served, path in
      let data = try #require(FileManager.default.contents(atPath: path))
      #expect(served.version == String(ContentHash(of: Array(data)).hexadecimal.prefix(12)))
      #expect(served.byteCount == 2 * data.count)
      return served.version
    }
    let second = try withModel(try TinyBackbone.model(seed: 4)) { served, _ in served.version }
    #expect(first != second)
  }

  @Test func aFileThatIsNoModelIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("served-\(UUID()).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: ImageError.self) { try ServedModel(name: "m", contentsOf: path) }
    try Data("no model".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: FormatError.self) { try ServedModel(name: "m", contentsOf: path) }
  }
}
