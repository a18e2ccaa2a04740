import Testing
import VisionImage

@testable import VisionData

@Suite struct YOLOAnnotationTests {
  private func folder(_ yaml: String = "train: images/train\nval: images/val\nnc: 2\nnames: [cat, dog]\n")
    throws
    -> AnnotationFolder
  {
    let folder = try AnnotationFolder()
    try folder.write(yaml, to: "data.yaml")
    try folder.addImage("images/train/a.png", 100, 50)
    try folder.addImage("images/val/b.png", 64, 64)
    return folder
  }

  @Test func boxesPolygonsAndConfidencesAreRead() throws {
    let folder = try folder()
    try folder.write(
      "0 0.5 0.5 0.2 0.4\n\n1 0.1 0.2 0.1 0.2 0.75\r\n1 0.1 0.1 0.3 0.1 0.2 0.5\n", to: "labels/train/a.txt")
    try folder.write("", to: "labels/val/b.txt")
    let set = try folder.read()
    #expect(set.format == .yolo && set.classes == ["cat", "dog"])
    #expect(
      set.boxes("images/train/a.png") == [
        "cat 40.0 15.0 20.0 20.0", "dog 5.0 5.0 10.0 10.0", "dog 10.0 5.0 20.0 20.0",
      ])
    #expect(set.images[0].objects.map(\.confidence) == [nil, 0.75, nil])
    guard case .polygons(let polygons)? = set.images[0].objects[2].outline else {
      Issue.record("no polygon")
      return
    }
    #expect(polygons.count == 1 && polygons[0].count == 3)
    #expect(set.images.map(\.part) == [.train, .val])
    #expect(set.images[1].objects.isEmpty && set.images[1].width == 64)
    #expect(set.count(.mixedRows) == 1)
  }

  @Test func imagesWithoutALabelFileAreNoted() throws {
    let folder = try folder()
    try folder.write("0 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
    try folder.write("0 0.5 0.5 0.2 0.4\n", to: "labels/train/gone.txt")
    let set = try folder.read()
    #expect(set.images.map(\.name) == ["images/train/a.png"])
    #expect(set.count(.unlabeledImages) == 1 && set.count(.missingImages) == 1)
  }

  @Test func namesAndPartsHaveManyForms() throws {
    for yaml in [
      "train: images/train\nnames:\n  0: cat\n  1: dog\n", "train: [images/train]\nnames:\n- cat\n- dog\n",
      "path: .\ntrain: ./images/train\nval:\nnames: {1: dog, 0: cat}\n",
      "path: /nowhere/at/all\ntrain: ../images/train\nnames: ['cat', \"dog\"]\n",
      "train: list.txt\nnames: [cat, dog]\nextra: {a: [1]}\n",
    ] {
      let folder = try folder(yaml)
      try folder.write("./images/train/a.png\n", to: "list.txt")
      try folder.write("1 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
      let set = try folder.read()
      #expect(set.classes == ["cat", "dog"])
      #expect(set.boxes("images/train/a.png") == ["dog 40.0 15.0 20.0 20.0"], "\(yaml)")
      #expect(set.images.map(\.part) == [.train])
    }
  }

  @Test func classesMayComeFromAListOfNames() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("a.png", 10, 10)
    try folder.write("cat\ndog\n", to: "classes.txt")
    try folder.write("1 0.5 0.5 1 1\n", to: "a.txt")
    #expect(try folder.read().boxes("a.png") == ["dog 0.0 0.0 10.0 10.0"])
  }

  @Test func idsAreCheckedAgainstTheNames() throws {
    let folder = try folder()
    try folder.write("1 0.5 0.5 0.2 0.4\n2 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
    let error = try #require(folder.failure())
    #expect(error.kind == .annotations && error.place?.hasSuffix("labels/train/a.txt, line 2") == true)
    #expect(error.message.contains("no class with the id 2"))
    #expect(error.remedy?.contains("counted from 1") == true)
    try folder.write("-1 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
    #expect(folder.failure()?.kind == .annotations)
    try folder.write("1 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
    #expect(try folder.read().count(.firstClassUnused) == 1)
  }

  @Test func configurationsThatContradictThemselvesAreRefused() throws {
    for (yaml, text) in [
      ("nc: 3\nnames: [cat, dog]\n", "nc is 3"), ("names: [cat, cat]\n", "defined twice"),
      ("names: {0: cat, 0: dog}\n", "two names"), ("names: [cat]\nnames: [dog]\n", "given twice"),
      ("names: cat\n", "neither a list nor a map"), ("names: {a: cat}\n", "no whole number"),
      ("names: []\n", "no classes"), ("names: [a, [b]]\n", "a text is wanted"),
      ("names: [a\n", "not YAML"),
    ] {
      let folder = try folder("train: images/train\n" + yaml)
      try folder.write("0 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
      let error = try #require(folder.failure(), "\(yaml)")
      #expect(error.kind == .annotations && error.message.contains(text), "\(error)")
    }
  }

  @Test func numbersThatAreNoneAreRefusedWithTheirPlace() throws {
    for row in [
      "0 nan 0.5 0.2 0.4", "0 0.5 inf 0.2 0.4", "0 0.5 0.5 1e400 0.4", "0 0.5 0.5 0.2", "0", "x 1 1 1 1",
      "0 0.5 0.5 0.2 0.4 1.5", "0 437 29 94 85", "0.5 0.5 0.5 0.2 0.4", "0 0x1 0 1 1", "0,0.5,0.5,0.2,0.4",
    ] {
      let folder = try folder()
      try folder.write("0 0.5 0.5 0.2 0.4\n\(row)\n", to: "labels/train/a.txt")
      let error = try #require(folder.failure(), "\(row)")
      #expect(error.kind == .annotations && error.place?.hasSuffix("a.txt, line 2") == true, "\(error)")
    }
  }

  @Test func oddBoxesAreClippedOrDroppedAndNoted() throws {
    let folder = try folder()
    try folder.write(
      """
      0 0.05 0.5 0.2 0.4
      0 1.5 0.5 0.2 0.4
      0 0.5 0.5 0 0.4
      0 0.5 0.5 -0.2 0.4
      1 0.5 0.5 0.2 0.4
      1 0.5 0.5 0.2 0.4
      0 0.5 0.5 0.2 0.4
      0 0.9000001 0.5 0.2 0.4
      """, to: "labels/train/a.txt")
    let set = try folder.read()
    #expect(
      set.boxes("images/train/a.png") == [
        "cat 0.0 15.0 15.0 20.0", "dog 40.0 15.0 20.0 20.0", "cat 40.0 15.0 20.0 20.0",
        "cat 80.0 15.0 20.0 20.0",
      ])
    #expect(set.count(.clipped) == 1 && set.count(.outside) == 1 && set.count(.empty) == 2)
    #expect(set.count(.repeated) == 1 && set.count(.severalClasses) == 1)
    #expect(
      set.images.allSatisfy { image in
        image.objects.allSatisfy { $0.box.x >= 0 && $0.box.right <= Double(image.width) }
      })
  }

  @Test func posesKeepTheirBoxes() throws {
    let folder = try folder("train: images/train\nkpt_shape: [2, 3]\nnames: [cat, dog]\n")
    try folder.write("0 0.5 0.5 0.2 0.4 0.1 0.1 2 0.3 0.3 1\n", to: "labels/train/a.txt")
    let set = try folder.read()
    #expect(set.boxes("images/train/a.png") == ["cat 40.0 15.0 20.0 20.0"])
    #expect(set.count(.keypoints) == 1)
  }

  @Test func anImageInTwoPartsCountsOnce() throws {
    let folder = try folder("train: images/train\nval: images/train\nnames: [cat, dog]\n")
    try folder.write("0 0.5 0.5 0.2 0.4\n", to: "labels/train/a.txt")
    let set = try folder.read()
    #expect(set.images.map(\.part) == [.train] && set.count(.severalParts) == 1)
  }
}
