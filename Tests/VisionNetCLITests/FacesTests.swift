import Foundation
import Testing
import VisionImage
import VisionNet
import VisionTestSupport

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct FacesTests {
  private let folder: TemporaryFolder

  /// Images with two faces, one and none, a broken one, a detector, and a classifier.
  init() throws {
    folder = try TemporaryFolder()
    try FaceNetwork.model().write(to: folder.file("faces.onnx"))
    try ColorModel.model().write(to: folder.file("colors.onnx"))
    try FileManager.default.createDirectory(atPath: folder.file("in"), withIntermediateDirectories: true)
    try FaceNetwork.image(200, 120, faces: [(0, 0), (96, 64)]).write(to: folder.file("in/two.png"))
    try FaceNetwork.image(64, 64, faces: [(32, 0)]).write(to: folder.file("in/one.png"))
    try FaceNetwork.image(50, 40, faces: []).write(to: folder.file("in/none.png"))
  }

  private func run(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["faces"] + arguments + ["--detector", folder.file("faces.onnx"), "--offline"])
  }

  @Test func facesAreListed() throws {
    let result = try run(folder.file("in"))
    #expect(result.status == 0 && result.messages == "")
    #expect(result.lines.count == 3)
    #expect(result.lines[0].hasSuffix("none.png  no face found"))
    #expect(result.lines[1].hasSuffix("one.png  face 1.00 (32 0 32 32)"))
    #expect(result.lines[2].contains("(0 0 32 32)") && result.lines[2].contains("(96 64 32 32)"))
  }

  @Test func recordsAreWhatTheSchemaSays() throws {
    try folder.write("nothing", to: "in/broken.png")
    let schema = try JSONSchema.records()
    let plain = try run(folder.file("in"), "--format", "jsonl")
    let emotional = try run(
      folder.file("in"), "--format", "jsonl", "--emotions", "-m", folder.file("colors.onnx"))
    for result in [plain, emotional] {
      #expect(result.status == 2 && result.lines.count == 4)
      for line in result.lines {
        let record = try JSONValue(line)
        let isError = line.contains("\"error\"")
        #expect(schema.faults(of: record, as: isError ? "classificationError" : "faces") == [], "\(line)")
      }
    }
    #expect(emotional.output.contains("\"emotions\""))
    let table = try run(folder.file("in"), "--format", "csv")
    #expect(
      table.lines[0]
        == "path,width,height,score,x,y,w,h,emotion,probability,milliseconds,error,message")
    #expect(table.lines.count == 1 + 3 + 1)
  }

  @Test func facesAreDrawnBlurredAndCutOut() throws {
    let (drawn, hidden, crops) = (folder.file("drawn"), folder.file("hidden"), folder.file("crops"))
    #expect(try run(folder.file("in"), "--draw", drawn, "--crops", crops, "--align").status == 0)
    #expect(try run(folder.file("in"), "--draw", hidden, "--blur").status == 0)
    let names = { try FileManager.default.contentsOfDirectory(atPath: $0).sorted() }
    #expect(try names(drawn) == ["none.png", "one.png", "two.png"])
    #expect(try names(hidden) == names(drawn))
    #expect(try names(crops) == ["one-1.png", "two-1.png", "two-2.png"])
    let crop = try Image(contentsOf: "\(crops)/two-1.png")
    #expect(crop.width == 112 && crop.height == 112)
    for name in ["one.png", "two.png"] {
      let original = try Image(contentsOf: folder.file("in/\(name)"))
      #expect(try Image(contentsOf: "\(drawn)/\(name)") != original)
      #expect(try Image(contentsOf: "\(hidden)/\(name)") != original)
    }
    #expect(try Image(contentsOf: "\(hidden)/none.png") == Image(contentsOf: folder.file("in/none.png")))
  }

  @Test func flagsThatSayNothingAloneAreRefused() throws {
    #expect(try run(folder.file("in"), "--blur").status == 64)
    #expect(try run(folder.file("in"), "--align").status == 64)
    #expect(try run(folder.file("in"), "-m", folder.file("colors.onnx")).status == 64)
    #expect(try run(folder.file("in"), "--draw", folder.file("in")).status == 64)
    #expect(try run(folder.file("in/absent.png")).status == 66)
  }
}
