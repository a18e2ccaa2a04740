import Testing

@testable import VisionData

@Suite struct AnnotationSearchTests {
  @Test func twoKindsAreAskedAbout() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("images/a.png", 10, 10)
    try folder.write("names: [dog]\n", to: "data.yaml")
    try folder.write("0 0.5 0.5 1 1\n", to: "labels/a.txt")
    try folder.write("image,label,x,y,width,height\nimages/a.png,cat,0,0,5,5\n", to: "boxes.csv")
    let error = try #require(folder.failure())
    #expect(
      error.kind == .ambiguous && error.message.contains("data.yaml") && error.message.contains("boxes.csv"))
    #expect(try folder.read("boxes.csv").classes == ["cat"])
    #expect(try folder.read(format: .yolo).classes == ["dog"])
    #expect(try folder.read(format: .csv).classes == ["cat"])
    try folder.write("names: [cow]\n", to: "other.yaml")
    #expect(throws: DatasetError.self) { try folder.read(format: .yolo) }
    #expect(try folder.read("other.yaml").classes == ["cow"])
  }

  @Test func twoFilesOfOnePartAreAskedAbout() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("a.png", 10, 10)
    let table = "image,label,x,y,width,height\na.png,cat,0,0,5,5\n"
    try folder.write(table, to: "boxes.csv")
    try folder.write(table, to: "more.csv")
    let error = try #require(folder.failure())
    #expect(error.kind == .ambiguous && error.message.contains("boxes.csv, more.csv"))
  }

  @Test func whatIsMissingOrUnknownIsTold() throws {
    let folder = try AnnotationFolder()
    #expect(folder.failure("none")?.kind == .missing)
    #expect(folder.failure()?.kind == .annotations)
    try folder.write("{\"a\": 1}", to: "a.json")
    try folder.write("<svg/>", to: "a.xml")
    try folder.write("path,label\na.png,cat\n", to: "a.csv")
    try folder.write("lr: 1\n", to: "a.yaml")
    #expect(folder.failure()?.kind == .annotations)
    for name in ["a.json", "a.xml", "a.csv", "a.yaml"] { #expect(folder.failure(name)?.kind == .annotations) }
  }

  @Test func imagesThatCannotBeReadAreLeftOut() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("a.png", 10, 10)
    try folder.write("none", to: "b.png")
    try folder.write(
      "image,label,x,y,width,height\na.png,cat,0,0,5,5\nb.png,cat,0,0,5,5\nc.png,cat,0,0,5,5\n",
      to: "boxes.csv")
    let set = try folder.read()
    #expect(set.images.map(\.name) == ["a.png"] && set.skipped.count == 2)
  }

  @Test func classesWithoutAnOrderAreSorted() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("a.png", 10, 10)
    try folder.write(
      "image,label,x,y,width,height\na.png,b,0,0,5,5\na.png,a,0,0,5,6\na.png, b ,0,0,5,7\n", to: "boxes.csv")
    let set = try folder.read()
    #expect(set.classes == ["a", "b"] && set.images[0].objects.map(\.label) == [1, 0, 1])
  }

  @Test func manyObjectsAreReadInTime() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("a.png", 100, 100)
    // All on one image, most of them the same: quadratic work would take minutes.
    let rows = (0..<60_000).map { "a.png,c\($0 % 7),\($0 % 50),\($0 % 40),\(1 + $0 % 3),5\n" }.joined()
    try folder.write("image,label,x,y,width,height\n" + rows, to: "boxes.csv")
    let set = try folder.read()
    #expect(set.objectCount + set.count(.repeated) == 60_000)
  }
}
