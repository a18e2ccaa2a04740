import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct ForeignMetadataTests {
  private func network(output: String, metadata: [(key: String, value: String)]) throws -> Model {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 2, height: 1, width: 1)
    try builder.output(output, builder.add(Flatten(axis: 1), x))
    return Model(graph: builder.graph, parameters: Parameters(), metadata: metadata)
  }

  private static let yolo: [(key: String, value: String)] = [
    ("author", "Ultralytics"), ("names", "{0: 'person', 1: \"it's\"}"), ("imgsz", "[224, 320]"),
    ("stride", "32"),
    ("task", "classify"),
  ]

  @Test func whatYOLOExportsIsRead() throws {
    let foreign = ForeignMetadata(Self.yolo)
    #expect(foreign.names == ["person", "it's"])
    #expect(foreign.imageHeight == 224 && foreign.imageWidth == 320)
    #expect(foreign.stride == 32 && foreign.task == "classify")
    #expect(ForeignMetadata([("names", "['a', 'b']"), ("imgsz", "640")]).names == ["a", "b"])
    #expect(ForeignMetadata([("imgsz", "640")]).imageWidth == 640)
    for (key, value) in [
      ("names", "a, b"), ("names", "{0: 'a', 2: 'b'}"), ("names", "{0: 'a'"), ("names", ""),
      ("imgsz", "[1, 2, 3]"),
      ("imgsz", "[0, 5]"), ("imgsz", "x"), ("imgsz", "[]"), ("stride", "-1"), ("stride", "x"), ("task", ""),
    ] {
      #expect(ForeignMetadata([(key, value)]) == ForeignMetadata([]), "\(key) \(value)")
    }
  }

  @Test func labelsComeFromTheFile() throws {
    let bytes = try network(output: "output0", metadata: Self.yolo).bytes()
    let model = try Model(bytes: bytes)
    #expect(model.labels == ["person", "it's"])
    #expect(model.foreign.imageHeight == 224)
    // As VisionNet writes it, with its own labels, other programs still find theirs.
    let again = try Model(bytes: model.bytes())
    #expect(again.labels == model.labels)
    #expect(again.foreign == model.foreign)
  }

  @Test func labelsThatAreNotTheLogitsAreLeftAlone() throws {
    let metadata = [(key: "names", value: "{0: 'a', 1: 'b', 2: 'c'}")]
    let model = try Model(bytes: network(output: "logits", metadata: metadata).bytes())
    #expect(model.labels.isEmpty)
  }

  @Test func namesOfOtherClassesAreNotWritten() throws {
    var model = try Model(bytes: network(output: "output0", metadata: Self.yolo).bytes())
    model.labels = ["cat", "dog"]
    let again = try Model(bytes: model.bytes())
    #expect(again.labels == ["cat", "dog"])
    #expect(again.foreign.names == nil)
    #expect(again.metadata.map(\.key) == ["author", "imgsz", "stride", "task"])
  }
}
