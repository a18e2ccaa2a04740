import Testing

@testable import VisionData

@Suite struct JSONAnnotationTests {
  /// As LabelMe 5 writes it.
  private static func labelme(_ shapes: String, _ image: String = "a.png", height: String = "50") -> String {
    """
    {
      "version": "5.4.1", "flags": {},
      "shapes": [\(shapes)],
      "imagePath": "\(image)", "imageData": "iVBORw0KGgo\\u003d", "imageHeight": \(height), "imageWidth": 100
    }
    """
  }

  private static func shape(_ type: String, _ points: String, _ more: String = "\"group_id\": null") -> String
  {
    "{\"label\": \"dog\", \"points\": \(points), \"shape_type\": \"\(type)\", \"flags\": {}, \(more)}"
  }

  private func folder(_ json: String, _ name: String = "a.json") throws -> AnnotationFolder {
    let folder = try AnnotationFolder()
    try folder.addImage("a.png", 100, 50)
    try folder.write(json, to: name)
    return folder
  }

  @Test func filesOfLabelMeAreRead() throws {
    let shapes = [
      Self.shape("rectangle", "[[30, 35], [10, 5]]", "\"group_id\": null, \"description\": \"good boy\""),
      Self.shape("polygon", "[[10, 10], [20, 10], [15, 30.5]]", "\"difficult\": true"),
      Self.shape("circle", "[[50, 25], [53, 29]]"),
      Self.shape("polygon", "[[60, 10], [70, 10], [65, 20]]", "\"group_id\": 4"),
      Self.shape("polygon", "[[80, 10], [90, 10], [85, 30]]", "\"group_id\": 4"),
      Self.shape("linestrip", "[[1, 1], [2, 2]]"), Self.shape("point", "[[1, 1]]"),
      Self.shape("mask", "[[1, 1], [4, 5]]", "\"mask\": \"iVBO\""),
    ]
    let set = try folder(Self.labelme(shapes.joined(separator: ",\n"))).read()
    #expect(set.format == .labelme && set.classes == ["dog"])
    #expect(
      set.boxes("a.png") == [
        "dog 10.0 5.0 20.0 30.0", "dog 10.0 10.0 10.0 20.5", "dog 45.0 20.0 10.0 10.0",
        "dog 60.0 10.0 30.0 20.0", "dog 1.0 1.0 3.0 4.0",
      ])
    let objects = set.images[0].objects
    #expect(objects[0].attributes == [ObjectAttribute(name: "description", value: "good boy")])
    #expect(objects[1].marks == .difficult)
    guard case .polygons(let polygons)? = objects[3].outline else {
      Issue.record("no polygons")
      return
    }
    #expect(polygons.count == 2)
    #expect(set.count(.ellipses) == 1 && set.count(.shapes) == 2 && set.count(.unreadMasks) == 1)
  }

  @Test func flagsAreMarks() throws {
    let shape = """
      {"label": "dog", "points": [[1, 1], [5, 5]], "shape_type": "rectangle",
       "flags": {"crowd": true, "occluded": false, "wet": true}}
      """
    let object = try #require(try folder(Self.labelme(shape)).read().images[0].objects.first)
    #expect(object.marks == .crowd && object.attributes == [ObjectAttribute(name: "wet", value: "true")])
  }

  @Test func imagesOfLabelMeAreFoundBesideTheirFile() throws {
    let folder = try folder(Self.labelme("", "..\\\\elsewhere\\\\a.png"))
    #expect(try folder.read().images.map(\.name) == ["a.png"])
    let other = try self.folder(Self.labelme("", "a.png", height: "null"), "labels/a.json")
    #expect(try other.read().images.map(\.name) == ["a.png"])
  }

  @Test func damagedFilesOfLabelMeAreRefused() throws {
    for (shape, text) in [
      (Self.shape("polygon", "[[1, 1], [2, 2]]"), "has 2 points"),
      (Self.shape("circle", "[[1, 1]]"), "has 1 points"),
      (Self.shape("rectangle", "[[1, 1, 1], [2, 2]]"), "3 numbers"),
      (Self.shape("polygon", "[[1, NaN]]"), "finite"),
      ("{\"points\": [[1, 1], [2, 2]], \"shape_type\": \"rectangle\"}", "no class"),
      (Self.shape("rectangle", "[[1, 1], [2, 2]]") + ",", "an object is wanted"),
    ] {
      let error = try #require(try folder(Self.labelme(shape)).failure(), "\(shape)")
      #expect(error.kind == .annotations && error.message.contains(text), "\(error)")
    }
  }

  @Test func filesOfCreateMLAreRead() throws {
    let json = """
      [{"image": "a.png", "annotations": [
        {"label": "dog", "coordinates": {"x": 20, "y": 20.5, "width": 20, "height": 30}},
        {"label": "cat", "coordinates": {"x": 0, "y": 25, "width": 20, "height": 10}}]},
       {"imagefilename": "b.png", "annotation": []}]
      """
    let folder = try folder(json, "_annotations.createml.json")
    try folder.addImage("b.png", 10, 10)
    try folder.addImage("c.png", 10, 10)
    let set = try folder.read()
    #expect(set.format == .createml && set.classes == ["cat", "dog"])
    #expect(set.boxes("a.png") == ["dog 10.0 5.5 20.0 30.0", "cat 0.0 20.0 10.0 10.0"])
    #expect(set.images[1].objects.isEmpty && set.count(.clipped) == 1 && set.count(.unlabeledImages) == 1)
  }

  @Test func damagedFilesOfCreateMLAreRefused() throws {
    for (json, text) in [
      ("[{\"image\": \"a.png\", \"annotations\": [{\"label\": \"dog\"}]}]", "no coordinates"),
      (
        "[{\"image\": \"a.png\", \"annotations\": [{\"label\": \"dog\", \"coordinates\": {\"x\": 1}}]}]",
        "lack"
      ),
      ("[{\"image\": \"a.png\"}, {\"annotations\": []}]", "no image"),
      ("[{\"image\": \"a.png\"}", "too early"),
    ] {
      let error = try #require(try folder(json).failure(), "\(json)")
      #expect(error.kind == .annotations && error.message.contains(text), "\(error)")
    }
  }
}
