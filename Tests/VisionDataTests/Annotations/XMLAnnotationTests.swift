import Testing

@testable import VisionData

@Suite struct XMLAnnotationTests {
  /// As labelImg writes it.
  private static func voc(_ name: String, _ objects: String, database: String = "Unknown") -> String {
    """
    <annotation verified="yes">
    	<folder>JPEGImages</folder>
    	<filename>\(name)</filename>
    	<path>/home/me/\(name)</path>
    	<source><database>\(database)</database></source>
    	<size><width>100</width><height>50</height><depth>3</depth></size>
    	<segmented>0</segmented>
    \(objects)
    </annotation>
    """
  }

  private static func object(_ name: String, _ box: String = "10 5 30 35", _ more: String = "") -> String {
    let numbers = box.split(separator: " ")
    return """
      <object><name>\(name)</name>\(more)
      <bndbox><xmin>\(numbers[0])</xmin><ymin>\(numbers[1])</ymin><xmax>\(numbers[2])</xmax><ymax>\(numbers[3])</ymax></bndbox>
      </object>
      """
  }

  private func vocFolder(_ xml: String) throws -> AnnotationFolder {
    let folder = try AnnotationFolder()
    for name in ["a", "b", "c"] { try folder.addImage("JPEGImages/\(name).png", 100, 50) }
    try folder.write(xml, to: "Annotations/a.xml")
    return folder
  }

  @Test func filesOfVOCAreRead() throws {
    let marks = "<pose>Left</pose><truncated>1</truncated><occluded>1</occluded><difficult>1</difficult>"
    let part =
      "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part><actions><jumping>1</jumping></actions>"
    let folder = try vocFolder(
      Self.voc("stale.jpg", Self.object("dog", "10 5.5 30 35", marks) + Self.object("cat", "1 2 3 4", part)))
    try folder.write(Self.voc("b.png", ""), to: "Annotations/b.xml")
    try folder.write("a\n", to: "ImageSets/Main/train.txt")
    try folder.write("b  1\n", to: "ImageSets/Main/test.txt")
    try folder.write("a\nb\n", to: "ImageSets/Main/trainval.txt")
    let set = try folder.read()
    #expect(set.format == .voc && set.classes == ["cat", "dog"])
    #expect(set.boxes("JPEGImages/a.png") == ["dog 10.0 5.5 20.0 29.5", "cat 1.0 2.0 2.0 2.0"])
    #expect(set.images[0].objects[0].marks == [.truncated, .occluded, .difficult])
    #expect(set.images[0].objects[0].attributes == [ObjectAttribute(name: "pose", value: "Left")])
    #expect(set.images.map(\.part) == [.train, .test] && set.images[1].objects.isEmpty)
    #expect(set.count(.parts) == 1 && set.count(.unreadFields) == 1 && set.count(.unlabeledImages) == 1)
  }

  @Test func pixelsOfVOCItselfAreCountedFromOne() throws {
    let folder = try vocFolder(
      Self.voc("a.png", Self.object("dog", "1 1 100 50"), database: "The VOC2007 Database"))
    let set = try folder.read()
    #expect(set.boxes("JPEGImages/a.png") == ["dog 0.0 0.0 100.0 50.0"] && set.count(.oneBased) == 1)
  }

  @Test func damagedFilesOfVOCAreRefused() throws {
    for (object, text) in [
      ("<object><name>a</name></object>", "no bndbox"), (Self.object("", "1 1 2 2"), "no class"),
      (Self.object("a", "1 1 nan 2"), "xmax is no finite number"),
      ("<object><name>a</name><bndbox><xmin>1</xmin></bndbox></object>", "lacks"),
      (Self.object("a", "1 1 2 2", "<difficult>perhaps</difficult>"), "neither 0 nor 1"),
      ("</object>", "closed"),
    ] {
      let error = try #require(try vocFolder(Self.voc("a.png", object)).failure(), "\(object)")
      #expect(error.kind == .annotations && error.message.contains(text), "\(error)")
      #expect(error.place?.contains("a.xml, line") == true)
    }
  }

  @Test func aFileOfAnotherImageIsLeftOut() throws {
    let folder = try vocFolder(Self.voc("a.png", Self.object("dog")))
    try folder.addImage("JPEGImages/a.png", 50, 100)
    try folder.write(Self.voc("b.png", Self.object("dog")), to: "Annotations/b.xml")
    let set = try folder.read()
    #expect(set.images.map(\.name) == ["JPEGImages/b.png"])
    #expect(set.skipped.count == 1 && set.skipped[0].message.contains("100 × 50"))
  }

  /// As CVAT 2 exports "CVAT for images 1.1".
  private static func cvat(_ images: String, labels: String = "dog cat") -> String {
    let list = labels.split(separator: " ").map {
      "<label><name>\($0)</name><color>#fff</color><attributes><attribute><name>color</name></attribute></attributes></label>"
    }
    return """
      <?xml version="1.0" encoding="utf-8"?>
      <annotations>
        <version>1.1</version>
        <meta><job><id>1</id><labels>\(list.joined())</labels><owner><name>me</name></owner></job></meta>
        \(images)
      </annotations>
      """
  }

  private func cvatFolder(_ xml: String) throws -> AnnotationFolder {
    let folder = try AnnotationFolder()
    for name in ["a", "b"] { try folder.addImage("images/\(name).png", 100, 50) }
    try folder.write(xml, to: "annotations.xml")
    return folder
  }

  @Test func filesOfCVATAreRead() throws {
    let set = try cvatFolder(
      Self.cvat(
        """
        <image id="0" name="a.png" subset="Train" width="100" height="50">
          <box label="cat" source="manual" occluded="1" xtl="10.5" ytl="5" xbr="30.5" ybr="35" z_order="0">
            <attribute name="color">red &amp; blue</attribute><attribute name="difficult">true</attribute>
          </box>
          <polygon label="dog" points="10,10;20.5,10;15,30" occluded="0"/>
          <box label="dog" xtl="40" ytl="20" xbr="60" ybr="30" rotation="90"></box>
          <ellipse label="dog" cx="80" cy="20" rx="10" ry="5" rotation="90"/>
          <polyline label="dog" points="1,1;2,2"/><points label="dog" points="1,1"/><tag label="dog"/>
          <mask label="cat" rle="0, 4" left="70" top="30" width="2" height="2"/>
        </image>
        <image id="1" name="b.png" width="100" height="50"/>
        """)
    ).read()
    #expect(set.format == .cvat && set.classes == ["dog", "cat"])
    #expect(
      set.boxes("images/a.png") == [
        "cat 10.5 5.0 20.0 30.0", "dog 10.0 10.0 10.5 20.0", "dog 45.0 15.0 10.0 20.0",
        "dog 75.0 10.0 10.0 20.0", "cat 70.0 30.0 2.0 2.0",
      ])
    let first = set.images[0].objects[0]
    #expect(first.marks == [.occluded, .difficult])
    #expect(first.attributes == [ObjectAttribute(name: "color", value: "red & blue")])
    #expect(set.images[0].objects[1].outline != nil)
    // A quarter turn of a box is an upright one.
    #expect(set.images[0].objects[2].outline == nil && set.count(.rotated) == 1)
    #expect(set.count(.ellipses) == 1 && set.count(.shapes) == 3 && set.count(.unreadMasks) == 1)
    #expect(set.images.map(\.part) == [.train, nil] && set.images[1].objects.isEmpty)
  }

  @Test func rotatedBoxesKeepTheirCorners() throws {
    let set = try cvatFolder(
      Self.cvat(
        """
        <image id="0" name="a.png" width="100" height="50">
        <box label="dog" xtl="40" ytl="20" xbr="60" ybr="30" rotation="45"/></image>
        """)
    ).read()
    // Half of (20 + 10) / √2 to each side of the center at 50, 25.
    let half = 15 / 2.0.squareRoot()
    let box = try #require(set.images[0].objects.first?.box)
    #expect(abs(box.x - (50 - half)) < 1e-9 && abs(box.bottom - (25 + half)) < 1e-9)
    guard case .polygons(let polygons)? = set.images[0].objects[0].outline else {
      Issue.record("no corners")
      return
    }
    #expect(polygons[0].count == 4)
  }

  @Test func tracksAndDamagedFilesOfCVATAreRefused() throws {
    let image = "<image id=\"0\" name=\"a.png\" width=\"100\" height=\"50\">"
    for (xml, text) in [
      (Self.cvat("<track id=\"0\" label=\"dog\"></track>"), "tracks of a video"),
      (Self.cvat("<image id=\"0\"/>"), "no name"),
      (Self.cvat("\(image)<box label=\"dog\" xtl=\"1\" ytl=\"1\" xbr=\"inf\" ybr=\"2\"/></image>"), "xbr is"),
      (Self.cvat("\(image)<polygon label=\"dog\" points=\"1,1;2\"/></image>"), "points of a polygon"),
      (Self.cvat("\(image)<polygon label=\"dog\" points=\"1,1;2,2\"/></image>"), "fewer than three"),
      (Self.cvat("\(image)<box xtl=\"1\" ytl=\"1\" xbr=\"2\" ybr=\"2\"/></image>"), "no class"),
    ] {
      let error = try #require(try cvatFolder(xml).failure(), "\(xml)")
      #expect(error.kind == .annotations && error.message.contains(text), "\(error)")
    }
  }
}
