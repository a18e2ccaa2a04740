import Foundation
import Testing
import VisionGraph
import VisionImage
import VisionModel
import VisionNet
import VisionTensor

/// `visionnet detect` and `evaluate` with a detector of which everyone can say what it finds: the middle of each image, as red or as
/// blue as it is.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct DetectTests {
  let folder: TemporaryFolder
  let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.file("colors.onnx")
    let builder = GraphBuilder()
    let image = try builder.input("image", dimensions: [1, 3, 8, 8].map { .fixed($0) })
    let means = try builder.add(GlobalAveragePool(), image)
    let ends = try builder.add(
      Gather(axis: 1), means, builder.constant(Tensor([0, 2] as [Int64]), name: "ends"))
    let shape = builder.constant(Tensor([1, 1, 2] as [Int64]), name: "shape")
    try builder.output(
      "boxes", builder.constant(Tensor([2, 2, 6, 4] as [Float], shape: [1, 1, 4]), name: "middle"))
    try builder.output("scores", try builder.add(Reshape(), ends, shape))
    var detector = Model(
      graph: builder.graph, parameters: Parameters(), labels: ["red", "blue"],
      preprocessing: try Preprocessing(
        width: 8, height: 8, fit: .squash, scale: [1 / 255.0, 1 / 255.0, 1 / 255.0]))
    detector.signature = Signature(
      task: "detection", inputs: ["image"],
      outputs: [.init(OutputRole(kind: "boxes")), .init(OutputRole(kind: "scores"))],
      classes: ["red", "blue"])
    try detector.write(to: model)
    for (name, color) in [("1.png", [250, 10, 20]), ("b/1.png", [10, 20, 240])] as [(String, [UInt8])] {
      try FileManager.default.createDirectory(
        atPath: folder.file("images/b"), withIntermediateDirectories: true)
      try Image(width: 40, height: 20) { pixels in
        for index in pixels.indices { pixels[index] = color[index % 3] }
      }.write(to: folder.file("images/\(name)"))
    }
  }

  private func detect(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["detect", folder.file("images"), "-m", model] + arguments)
  }

  @Test func boxesAreInPixelsOfTheImage() throws {
    let result = try detect()
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.lines.count == 2)
    #expect(result.lines.first?.hasSuffix("1.png  red 0.98 (10 5 20 5)") == true, "\(result.output)")
    #expect(result.lines.last?.hasSuffix("b/1.png  blue 0.94 (10 5 20 5)") == true, "\(result.output)")
    let table = try detect("--format", "csv", "--classes", "blue")
    #expect(table.lines.count == 2 && table.lines[1].contains(",40,20,blue,1,0.9411"), "\(table.output)")
    let few = try detect("--confidence", "0.99")
    #expect(few.lines.allSatisfy { $0.hasSuffix("nothing found") })
    #expect(try detect("--classes", "green").status == 64)
  }

  @Test func anExportedFileSelectsByItself() throws {
    let out = folder.file("selecting.onnx")
    let result = try Tool.run(["export", model, "-o", out, "--with-selection", "--confidence", "0.5"])
    #expect(result.status == 0 && result.lines == [out], "\(result.messages)")
    #expect(try Tool.run(["export", model, "-o", out]).status == 74)
    #expect(try Tool.run(["export", model, "-o", out, "--force", "--max", "5"]).status == 64)
    let (plain, again) = (
      try detect(), try Tool.run(["detect", folder.file("images"), "-m", out])
    )
    #expect(again.lines == plain.lines, "\(again.messages)")
    // Other programs get what was selected.
    let run = try Tool.run(["run", out, "--shape", "image=1,3,8,8", "--output-dir", folder.file("arrays")])
    #expect(run.status == 0 && run.output.contains("selected_boxes.npy"), "\(run.messages)")
    #expect(try Tool.run(["export", model, "-o", out, "--force"]).status == 0)
    #expect(try Tool.run(["detect", folder.file("images"), "-m", out]).lines == plain.lines)
  }

  @Test func cocoReadsTheResults() throws {
    let result = try detect("--format", "coco")
    let list = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
    #expect(list?.compactMap { $0["category_id"] as? Int } == [1, 2])
    #expect(list?.compactMap { $0["image_id"] as? Int } == [1, 1])
    #expect(list?.first?["bbox"] as? [Double] == [10, 5, 20, 5])
    let none = try detect("--format", "coco", "--confidence", "1")
    #expect(none.output.filter { !$0.isWhitespace } == "[]")
  }

  @Test func yoloReadsTheResults() throws {
    #expect(try detect("--format", "yolo").status == 64)
    let out = folder.file("yolo")
    #expect(try detect("--format", "yolo", "-o", out).status == 0)
    let texts = try ["1.txt", "1-2.txt"].map { try String(contentsOfFile: "\(out)/\($0)", encoding: .utf8) }
    #expect(texts[0].hasPrefix("0 0.500000 0.375000 0.500000 0.250000 0.98"), "\(texts)")
    #expect(texts[1].hasPrefix("1 0.500000 0.375000 0.500000 0.250000 0.94"), "\(texts)")
  }

  @Test func evaluationIsCOCOs() throws {
    try folder.write(
      """
      image,label,x,y,width,height
      images/1.png,red,10,5,20,5
      images/b/1.png,blue,10,5,20,5
      images/b/1.png,red,0,0,4,4

      """, to: "boxes.csv")
    let result = try Tool.run(["evaluate", model, folder.file("boxes.csv"), "--format", "json"])
    #expect(result.status == 0, "\(result.messages)")
    let record = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    // Blue is found; of red one of two objects, at the largest score: 51 of 101 recalls.
    let expected = (1 + 51.0 / 101) / 2
    for key in ["mAP50-95", "mAP50", "mAP75"] {
      let value = try #require(record?[key] as? Double)
      #expect(abs(value - expected) < 1e-12, "\(key) \(value)")
    }
    #expect(record?["images"] as? Int == 2 && record?["classes"] as? Int == 2)
    try folder.write("image,label,x,y,width,height\nimages/1.png,green,10,5,20,5\n", to: "green.csv")
    let other = try Tool.run(["evaluate", model, folder.file("green.csv")])
    #expect(other.status != 0 && other.messages.contains("green"))
  }

  @Test func theLibraryFindsTheSame() throws {
    let detector = try ObjectDetector(contentsOf: model)
    let path = folder.file("images/1.png")
    let found = try detector.detect(contentsOf: path)
    #expect(found.map(\.label) == ["red"])
    #expect(found.first?.box == Box(x: 10, y: 5, width: 20, height: 5))
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try detector.detect(encoded: bytes) == found)
    let sample = try Tool.sample("DetectObjects", [model, path])
    #expect(sample.lines.first?.contains(": red 0.98") == true, "\(sample.output)")
    #expect(try Tool.sample("DetectObjects", ["/nonexistent.onnx", "x.jpg"]).output.contains("error:"))
  }

  @Test func awaitedCallsFindTheSame() async throws {
    let found = try await ObjectDetector(contentsOf: model).detect(contentsOf: folder.file("images/b/1.png"))
    #expect(found.map(\.label) == ["blue"])
  }
}
