import Foundation
import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

@Suite struct FolderLayoutTests {
  /// A folder with one image at each of the places, each of its own.
  private func folder(_ places: String...) throws -> SampleFolder {
    let folder = try SampleFolder()
    for (number, place) in places.enumerated() {
      try folder.write(SampleFolder.image(number, channel: number % 3), to: "\(place)/\(number).png")
    }
    return folder
  }

  /// The classes and the numbers of images of each part.
  private func counts(_ folder: SampleFolder) throws -> (labels: [String], parts: [Int]) {
    let data = try ImageFolder(folder.path, validation: 0)
    return (data.labels, [data.training.count, data.validation.count, data.test.count])
  }

  private func notes(_ folder: SampleFolder) throws -> [String] { try ImageFolder(folder.path).notes }
  private func warnings(_ folder: SampleFolder) throws -> [String] { try ImageFolder(folder.path).warnings }

  @Test(arguments: [
    ("Training", "Testing"), ("seg_train", "seg_test"), ("TRAIN", "TEST"), ("trainset", "test-images"),
    ("trn", "holdout"),
  ]) func partsMayBeCalledInAnyWay(_ train: String, _ test: String) throws {
    let folder = try folder("\(train)/a", "\(train)/b", "\(test)/a", "\(test)/b")
    let found = try counts(folder)
    #expect(found.labels == ["a", "b"])
    #expect(found.parts == [2, 0, 2])
    #expect(
      try notes(folder).contains { $0.contains("\(train) to train on") && $0.contains("\(test) to test") })
  }

  @Test func anEvaluationIsATestBesideAValidation() throws {
    #expect(try counts(folder("train/a", "train/b", "eval/a", "eval/b")).parts == [2, 2, 0])
    #expect(try counts(folder("train/a", "train/b", "eval/a", "dev/b")).parts == [2, 1, 1])
  }

  @Test func twinsAndWrappersAreSeenThrough() throws {
    let twins = try folder(
      "seg_train/seg_train/a", "seg_train/seg_train/b", "seg_test/seg_test/a", "seg_pred/x")
    #expect(try counts(twins).labels == ["a", "b"])
    #expect(try counts(twins).parts == [2, 0, 1])
    #expect(try notes(twins).contains { $0.contains("seg_pred") })
    let wrapped = try folder("data/data/train/a", "data/data/train/b", "__MACOSX/data/a")
    #expect(try counts(wrapped).labels == ["a", "b"])
    #expect(
      try ImageFolder(wrapped.path).images.allSatisfy { $0.relativePath.hasPrefix("data/data/train/") })
    #expect(try notes(wrapped).count { $0.contains("the only folder that holds images") } == 2)
    #expect(try counts(folder("pets/cats", "pets/dogs")).labels == ["cats", "dogs"])
    #expect(try counts(folder("train/images/a", "train/images/b", "val/images/a")).parts == [2, 1, 0])
    // A class whose images lie in one folder below it is no wrapper.
    #expect(try counts(folder("cats/2026")).labels == ["cats"])
  }

  @Test func partsInsideTheClassesAreParts() throws {
    let inside = try folder("a/train", "a/test", "b/train", "b/val")
    #expect(try counts(inside).parts == [2, 1, 1])
    let some = try folder("a/train", "a/more", "b/x")
    #expect(try counts(some).parts == [3, 0, 0])
    #expect(try warnings(some).contains { $0.contains("'train'") })
  }

  @Test func classesThatAreCalledLikePartsAreTold() throws {
    let test = try folder("control", "test")
    #expect(try counts(test).labels == ["control", "test"])
    #expect(try warnings(test).contains { $0.contains("'test' is treated as a class") })
    #expect(try warnings(folder("a", "b", "Unlabeled")).contains { $0.contains("'Unlabeled'") })
    #expect(try warnings(folder("a", "b")).isEmpty)
    let structured = try folder("train/x", "train/y", "bus")
    #expect(try counts(structured).labels == ["bus", "train"])
    #expect(try warnings(structured).count == 1)
  }

  @Test func partsThatAreCalledLikeNoneAreNotTrainedOnInSilence() throws {
    let odd = try folder("Training/a", "Training/b", "Validierung/a", "Validierung/b")
    #expect {
      _ = try ImageFolder(odd.path)
    } throws: {
      ($0 as? DatasetError)?.message.contains("'Validierung' is called like none") == true
    }
    let folds = try folder("fold 1/a", "fold 1/b", "fold 2/a", "fold 2/b")
    #expect(try warnings(folds).contains { $0.contains("'fold 1' and 'fold 2' are treated as classes") })
    #expect(try warnings(folder("a/x", "a/y", "b/x", "b/z")).isEmpty)
  }

  @Test func partsWithoutClassesAreRefused() throws {
    for places in [["train", "test"], ["train", "test/a", "test/b"], ["Train", "valid"]] {
      let folder = try SampleFolder()
      for (number, place) in places.enumerated() {
        try folder.write(SampleFolder.image(number, channel: 0), to: "\(place)/\(number).png")
      }
      #expect {
        _ = try ImageFolder(folder.path)
      } throws: {
        ($0 as? DatasetError)?.kind == .classes
      }
    }
    // Images to measure on alone are no error before somebody wants to train.
    let test = try folder("test/a", "test/b")
    #expect(try counts(test).parts == [0, 0, 2])
    #expect { try ImageFolder(test.path).check() } throws: { ($0 as? DatasetError)?.kind == .noImages }
    // Those without labels beside classes are left out.
    #expect(try counts(folder("train/a", "train/b", "test")).parts == [2, 0, 0])
  }

  @Test func litterIsLeftOutWithANote() throws {
    let folder = try folder(
      "a", "b", "@eaDir/a", "a/@eaDir/0.png", "#recycle", "lost+found", "$Recycle.Bin/S-1", "__MACOSX/a",
      "System Volume Information", ".thumbnails", "b/.ipynb_checkpoints", ".Trash-1000/files", "@Recycle")
    try folder.write([1], to: "a/Thumbs.db")
    try folder.write(SampleFolder.image(7, channel: 0), to: "a/._0.png")
    try folder.write(SampleFolder.image(7, channel: 0), to: "b/SYNOFILE_THUMB_M.png")
    #expect(try counts(folder).labels == ["a", "b"])
    #expect(try counts(folder).parts == [2, 0, 0])
    for name in [
      "@eaDir", "#recycle", "lost+found", "$Recycle.Bin", "__MACOSX", "System Volume Information", "@Recycle",
      "Thumbs.db", "._*", "SYNOFILE_THUMB_M.png", ".thumbnails",
    ] {
      #expect(try notes(folder).contains { $0.hasPrefix("\(name): left out") }, "\(name)")
    }
    let found = try ImageSearch.images(below: folder.path)
    #expect(found.images.count == 2 && found.notes.contains { $0.hasPrefix("@eaDir: left out") })
  }

  @Test func linksAreFollowedAndCirclesEnd() throws {
    let folder = try folder("real/a/deep", "real/b", "data/c")
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
    }
    try link("data/a", to: "../real/a")
    try link("data/b", to: "../real/b")
    try link("data/c/more", to: "../../real/b")
    try link("data/c/up", to: "..")
    try link("data/self", to: ".")
    try link("real/a/deep/round", to: "../..")
    let data = try ImageFolder(folder.file("data"), validation: 0)
    #expect(data.labels == ["a", "b", "c"])
    #expect(
      data.images.map(\.relativePath).sorted() == [
        "a/deep/0.png", "b/1.png", "c/2.png", "c/more/1.png",
      ])
    #expect(data.notes.contains { $0.hasPrefix("self: a link") })
    #expect(data.notes.contains { $0.hasPrefix("a/deep/round: a link to a folder that it lies in") })
    #expect(data.notes.contains { $0.hasPrefix("c/up: a link") })
    // The same file in three classes is not passed over in silence.
    #expect(data.warnings.contains { $0.contains("under different labels") })
  }
}
