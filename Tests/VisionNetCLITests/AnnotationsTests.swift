import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct AnnotationsTests {
  let folder: TemporaryFolder

  /// Two images with boxes in a table, one of them marked as difficult.
  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/images"), withIntermediateDirectories: true)
      try ColorModel.writeImage(200, 10, 10, to: folder.file("data/images/\(name).png"))
    }
    try folder.write(
      "image,label,x,y,width,height,difficult\nimages/a.png,dog,0,0,1,1,1\nimages/b.png,,,,,,\n",
      to: "data/boxes.csv")
  }

  private var data: String { folder.file("data") }

  @Test func classesAndCountsAreShown() throws {
    let result = try Tool.run(["annotations", "show", data])
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.lines[0].hasSuffix("CSV, 1 object of 1 class in 2 images, 1 of them without objects"))
    #expect(result.lines.contains { $0.split(separator: " ") == ["dog", "1", "1"] })
  }

  @Test func whatIsLostIsSaidAndNothingIsOverwritten() throws {
    let output = folder.file("yolo")
    let arguments = ["annotations", "convert", data, "--to", "yolo", "-o", output]
    let result = try Tool.run(arguments + ["--quiet"])
    #expect(result.status == 0 && result.output == "\(output)\n")
    #expect(result.messages.contains("YOLO: 1 object marked as difficult: the mark is lost"))
    #expect(try String(contentsOfFile: "\(output)/labels/train/b.txt", encoding: .utf8).isEmpty)
    let again = try Tool.run(arguments)
    #expect(again.status == 74 && again.messages.contains("there is something already"))
    let back = try Tool.run(["annotations", "show", output, "--format", "json"])
    #expect(back.status == 0)
    #expect(try JSONValue(back.output)["objects"]?.number == 1)
  }

  @Test func failuresAreToldByTheExitCode() throws {
    #expect(try Tool.run(["annotations", "show", folder.file("none")]).status == 66)
    #expect(try Tool.run(["annotations", "show", folder.file("data/images")]).status == 65)
    #expect(try Tool.run(["annotations", "convert", data, "-o", folder.file("x")]).status == 64)
    #expect(
      try Tool.run(["annotations", "convert", data, "--to", "pdf", "-o", folder.file("x")]).status == 64)
    try folder.write("names: [dog]\n", to: "data/data.yaml")
    let both = try Tool.run(["annotations", "show", data])
    #expect(both.status == 64 && both.messages.contains("--from"))
    #expect(try Tool.run(["annotations", "show", data, "--from", "csv"]).status == 0)
    try folder.write(
      "image,label,x,y,width,height\nimages/c.png,dog,0,0,1,1\nimages/a.png,,,,,\n", to: "data/boxes.csv")
    let missing = try Tool.run(["annotations", "show", data, "--from", "csv"])
    #expect(missing.status == 2 && missing.output.contains("no such image"))
  }
}
