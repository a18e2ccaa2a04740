import Testing

@testable import VisionData

@Suite struct COCOAnnotationTests {
  private func folder(_ json: String, _ name: String = "annotations/instances.json") throws
    -> AnnotationFolder
  {
    let folder = try AnnotationFolder()
    try folder.addImage("images/a.png", 100, 50)
    try folder.addImage("images/b.png", 64, 64)
    try folder.write(json, to: name)
    return folder
  }

  private static let images = """
    "images": [{"id": 7, "file_name": "a.png", "width": 100, "height": 50, "license": 1},
               {"id": 9, "file_name": "b.png", "width": 64, "height": 64}]
    """
  private static let categories = """
    "categories": [{"id": 90, "name": "dog", "supercategory": "animal"}, {"id": 3, "name": "cat"}]
    """

  /// A file as pycocotools reads it; annotations come first, ids have gaps.
  private static let whole = """
    {"info": {"year": 2017}, "annotations": [
    {"id": 1, "image_id": 7, "category_id": 90, "bbox": [10, 5, 20, 30], "area": 300.5, "iscrowd": 0,
     "segmentation": [[10, 5, 30, 5, 20, 35], [12, 6, 14, 6, 14, 8, 12, 8]]},
    {"id": 2, "image_id": 7, "category_id": 3, "bbox": [0, 0, 2, 3], "iscrowd": 1, "area": 6,
     "segmentation": {"counts": [0, 3, 47, 3, 4947], "size": [50, 100]}},
    {"id": 3, "image_id": 7, "category_id": 3, "bbox": [40, 10, 10.5, 10], "num_keypoints": 1,
     "keypoints": [41, 11, 2], "attributes": {"occluded": true, "color": "red", "age": 3}, "score": 0.5}
    ], \(images), \(categories), "licenses": []}
    """

  @Test func everythingIsRead() throws {
    let set = try folder(Self.whole).read()
    #expect(set.format == .coco && set.classes == ["cat", "dog"])
    #expect(set.images.map(\.name) == ["images/a.png", "images/b.png"])
    #expect(
      set.boxes("images/a.png") == [
        "dog 10.0 5.0 20.0 30.0", "cat 0.0 0.0 2.0 3.0", "cat 40.0 10.0 10.5 10.0",
      ])
    let objects = set.images[0].objects
    #expect(objects.map(\.marks) == [[], .crowd, .occluded])
    #expect(objects.map(\.statedArea) == [300.5, nil, nil])
    #expect(objects[0].area == 300.5 && objects[2].area == 105)
    guard case .polygons(let polygons)? = objects[0].outline, case .mask(let mask)? = objects[1].outline
    else {
      Issue.record("no outlines")
      return
    }
    #expect(polygons.map(\.count) == [3, 4])
    #expect(mask.counts == [0, 3, 47, 3, 4947] && mask.box == Box(x: 0, y: 0, width: 2, height: 3))
    #expect(objects[2].confidence == 0.5)
    #expect(
      objects[2].attributes == [
        ObjectAttribute(name: "color", value: "red"), ObjectAttribute(name: "age", value: "3"),
      ])
    #expect(set.count(.keypoints) == 1)
    #expect(set.images[1].objects.isEmpty)
  }

  /// The text is what pycocotools 2.0 writes for `encode` of this mask: rows 1...3 of columns 1 and 2 of 5 × 4.
  @Test func compressedLengthsAreDecoded() throws {
    // Runs 6 3 2 3 6: the fourth is stored as the difference from the second, 0, the fifth as 6 - 2 = 4.
    let mask = try #require(RunLengthMask(width: 4, height: 5, compressed: "63204"))
    #expect(mask.counts == [6, 3, 2, 3, 6])
    #expect(mask.box == Box(x: 1, y: 1, width: 2, height: 3))
    // Two digits: 100 = 4 + 3 · 32, the first with the mark that another one follows.
    #expect(RunLengthMask(width: 10, height: 10, compressed: "T3")?.counts == [100])
    #expect(RunLengthMask(width: 10, height: 10, compressed: "T") == nil)
    #expect(RunLengthMask(width: 10, height: 9, compressed: "T3") == nil)
    #expect(RunLengthMask(width: 4, height: 5, compressed: "6 204") == nil)
    #expect(RunLengthMask(width: 4, height: 5, counts: [6, -1, 15]) == nil)
    #expect(RunLengthMask(width: 4, height: 5, counts: [.max, .max]) == nil)
    #expect(RunLengthMask(width: .max, height: .max, counts: []) == nil)
    #expect(RunLengthMask(width: 4, height: 5, counts: [20])?.box == nil)
  }

  private func refusal(_ annotations: String, _ categories: String = categories, _ images: String = images)
    throws
    -> DatasetError
  {
    try #require(
      try folder("{\(images),\n\(categories),\n\"annotations\": [\(annotations)]}").failure(),
      "\(annotations)")
  }

  @Test func idsAreChecked() throws {
    let box = "\"image_id\": 7, \"bbox\": [1, 1, 5, 5]"
    let unknown = try refusal("\n{\"id\": 1, \(box), \"category_id\": 4}")
    #expect(unknown.message == "no category has the id 4" && unknown.place?.hasSuffix("line 5") == true)
    let fromOne = "\"categories\": [{\"id\": 1, \"name\": \"cat\"}, {\"id\": 2, \"name\": \"dog\"}]"
    let shifted = try refusal("{\"id\": 1, \(box), \"category_id\": 0}", fromOne)
    #expect(shifted.remedy?.contains("off by one") == true)
    let twins = "\"categories\": [{\"id\": 1, \"name\": \"cat\"}, {\"id\": 1, \"name\": \"dog\"}]"
    #expect(try refusal("{\"id\": 1, \(box), \"category_id\": 1}", twins).message.contains("two categories"))
    let same = "\"categories\": [{\"id\": 1, \"name\": \"cat\"}, {\"id\": 2, \"name\": \"cat\"}]"
    #expect(try refusal("{\"id\": 1, \(box), \"category_id\": 1}", same).message.contains("the name 'cat'"))
    let images = "\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}, {\"id\": 1, \"file_name\": \"b.png\"}]"
    #expect(try refusal("", Self.categories, images).message.contains("two images have the id 1"))
    #expect(
      try refusal("{\"id\": 1, \"bbox\": [1, 1, 5, 5], \"category_id\": 3}").message.contains("no image_id"))
  }

  @Test func damagedNumbersAreRefused() throws {
    for box in ["[1, 1, NaN, 5]", "[1, 1, 5]", "[1, 1, 1e999, 5]", "[\"1\", 1, 5, 5]", "5"] {
      let error = try refusal("{\"id\": 1, \"image_id\": 7, \"category_id\": 3, \"bbox\": \(box)}")
      #expect(error.kind == .annotations && error.place?.contains("line 4") == true, "\(error)")
    }
    // Finite numbers whose sum is not.
    let sum = try refusal(
      "{\"id\": 1, \"image_id\": 7, \"category_id\": 3, \"bbox\": [1e308, 0, 1e308, 5]}")
    #expect(sum.message.contains("not finite"))
  }

  @Test func annotationsOfUnknownImagesAreNoted() throws {
    let set = try folder(
      """
      {\(Self.images), \(Self.categories), "annotations": [
      {"id": 1, "image_id": 8, "category_id": 3, "bbox": [1, 1, 5, 5]},
      {"id": 2, "image_id": 7, "category_id": 3, "bbox": [1, 1, 5, 5]}]}
      """
    ).read()
    #expect(set.count(.unknownImages) == 1 && set.objectCount == 1)
  }

  @Test func aRootCategoryOfRoboflowIsLeftOut() throws {
    let categories = """
      "categories": [{"id": 0, "name": "pets", "supercategory": "none"},
        {"id": 1, "name": "cat", "supercategory": "pets"}]
      """
    let set = try folder(
      """
      {\(Self.images), \(categories), "annotations": [
      {"id": 0, "image_id": 7, "category_id": 1, "bbox": [1, 1, 5, 5], "segmentation": [], "area": 25, "iscrowd": 0}]}
      """, "train/_annotations.coco.json"
    ).read()
    #expect(set.classes == ["cat"] && set.count(.rootCategory) == 1)
    #expect(set.images.allSatisfy { $0.part == .train })
  }

  @Test func missingImagesAreKeptIfTheirSizeIsKnown() throws {
    let images = """
      "images": [{"id": 7, "file_name": "gone.png", "width": 30, "height": 20},
        {"id": 9, "file_name": "lost.png"}]
      """
    let set = try folder(
      """
      {\(images), \(Self.categories), "annotations": [
      {"id": 1, "image_id": 7, "category_id": 3, "bbox": [20, 10, 20, 20]}]}
      """
    ).read()
    #expect(set.images.map(\.path) == [nil] && set.boxes("gone.png") == ["cat 20.0 10.0 10.0 10.0"])
    #expect(set.count(.missingImages) == 2 && set.skipped.map(\.path) == ["lost.png"])
  }

  @Test func captionsAreNoBoxes() throws {
    let error = try refusal("{\"id\": 1, \"image_id\": 7, \"caption\": \"a cat\"}")
    #expect(error.message == "the annotations have no boxes")
  }

  @Test func instancesAreReadOfTheFilesOfCOCO() throws {
    let folder = try folder(Self.whole, "annotations/instances_val2017.json")
    try folder.write(Self.whole, to: "annotations/person_keypoints_val2017.json")
    let set = try folder.read()
    #expect(set.count(.otherFiles) == 1 && set.images.allSatisfy { $0.part == .val })
  }
}
