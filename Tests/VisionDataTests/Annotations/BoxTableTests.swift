import Testing

@testable import VisionData

@Suite struct BoxTableTests {
  private func folder(_ table: String) throws -> AnnotationFolder {
    let folder = try AnnotationFolder()
    try folder.addImage("images/a.png", 100, 50)
    try folder.addImage("images/b.png", 10, 10)
    try folder.write(table, to: "boxes.csv")
    return folder
  }

  @Test func tablesAreRead() throws {
    let set = try folder(
      """
      image,label,x,y,width,height,difficult,confidence,split,polygons
      images/a.png,"dog, big",10,5.5,20,30,1,0.5,train,"10 5.5 30 5.5 20 35.5; 12 6 13 6 13 7"
      images/a.png,cat,0,0,5,5,,,train,
      images/b.png,,,,,,,,test,
      """
    ).read()
    #expect(set.format == .csv && set.classes == ["cat", "dog, big"])
    #expect(set.boxes("images/a.png") == ["dog, big 10.0 5.5 20.0 30.0", "cat 0.0 0.0 5.0 5.0"])
    let first = set.images[0].objects[0]
    #expect(first.marks == .difficult && first.confidence == 0.5)
    guard case .polygons(let polygons)? = first.outline else {
      Issue.record("no polygons")
      return
    }
    #expect(polygons.map(\.count) == [3, 3])
    #expect(set.images.map(\.part) == [.train, .test] && set.images[1].objects.isEmpty)
  }

  @Test func cornersAndOtherSeparatorsAreRead() throws {
    let set = try folder("filename;width;height;class;xmin;ymin;xmax;ymax\na.png;100;50;dog;10;5;30;35\n")
      .read()
    #expect(set.boxes("images/a.png") == ["dog 10.0 5.0 20.0 30.0"])
    let wrong = try folder("filename,width,height,class,xmin,ymin,xmax,ymax\na.png,99,50,dog,1,5,3,35\n")
    #expect(wrong.failure()?.kind == .noImages)
  }

  @Test func damagedTablesAreRefused() throws {
    for (line, text) in [
      ("images/a.png,dog,1,2,x,4", "'x' is no finite number"), ("images/a.png,dog,1,2,nan,4", "'nan'"),
      ("images/a.png,dog,1,2,,4", "'' is no finite number"), (",dog,1,2,3,4", "no image"),
      ("images/a.png,,1,2,3,4", "no class"), ("images/a.png,dog,1,2,3,4,5", "7 fields"),
    ] {
      let error = try #require(
        try folder("image,label,x,y,width,height\n\n\(line)\n").failure(), "\(line)")
      #expect(error.kind == .annotations && error.message.contains(text), "\(error)")
      #expect(error.place?.hasSuffix("boxes.csv, line 3") == true, "\(error)")
    }
  }
}
