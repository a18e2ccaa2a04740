import Foundation
import Testing
import VisionTensor

@testable import VisionModel

/// Weights beside a model that is reached through links, as model hubs keep them.
@Suite struct OnnxFolderTests {
  private func model(_ location: String) -> [UInt8] {
    var file = OnnxBytes()
    file.node("Add", ["x", "w"], ["y"])
    file.tensor("w", dimensions: [2], external: [("location", location)])
    return file.bytes
  }

  private static let weights: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  private func folders(_ names: String..., in root: String) throws {
    for name in names {
      try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
    }
  }

  private func weights(_ path: String) throws -> [Float]? {
    try OnnxReader.read(path).parameters["w"]?.floats
  }

  private func isOutside(_ path: String) -> Bool {
    formatError { _ = try OnnxReader.read(path) }?.message.contains("outside") == true
  }

  @Test func aHubsCacheIsRead() throws {
    try Fixture.withFolder { root in
      try folders("blobs", "snapshots/abc/onnx", in: root)
      try Fixture.write(model("model.onnx_data"), to: "\(root)/blobs/111")
      try Fixture.write(Self.weights, to: "\(root)/blobs/222")
      for (folder, up) in [("snapshots/abc", "../.."), ("snapshots/abc/onnx", "../../..")] {
        try link("\(root)/\(folder)/model.onnx", to: "\(up)/blobs/111")
        try link("\(root)/\(folder)/model.onnx_data", to: "\(up)/blobs/222")
        #expect(try weights("\(root)/\(folder)/model.onnx") == [1, 2])
      }
      // Links to the folder of links, and to the link.
      try link("\(root)/main", to: "snapshots/abc")
      #expect(try weights("\(root)/main/model.onnx") == [1, 2])
      try folders("elsewhere", in: root)
      try link("\(root)/elsewhere/other.onnx", to: "../snapshots/abc/model.onnx")
      try link("\(root)/elsewhere/model.onnx_data", to: "../blobs/222")
      #expect(try weights("\(root)/elsewhere/other.onnx") == [1, 2])
    }
  }

  @Test func dataBesideTheRealFileIsFoundWithoutALinkOfItsOwn() throws {
    try Fixture.withFolder { root in
      try folders("store", "view", in: root)
      try Fixture.write(model("weights.bin"), to: "\(root)/store/model.onnx")
      try Fixture.write(Self.weights, to: "\(root)/store/weights.bin")
      try link("\(root)/view/model.onnx", to: "../store/model.onnx")
      #expect(try weights("\(root)/view/model.onnx") == [1, 2])
    }
  }

  @Test func whatLiesInNeitherFolderStaysOutside() throws {
    try Fixture.withFolder { root in
      try folders("blobs", "snapshots/abc", "secrets", "blobs-of-others", in: root)
      try Fixture.write(Self.weights, to: "\(root)/secrets/keys")
      try Fixture.write(Self.weights, to: "\(root)/blobs-of-others/keys")
      try Fixture.write(model("data"), to: "\(root)/blobs/111")
      let path = "\(root)/snapshots/abc/model.onnx", data = "\(root)/snapshots/abc/data"
      try link(path, to: "../../blobs/111")
      // Directly, by a link in the folder of blobs, and in a folder whose name begins alike.
      try link("\(root)/blobs/detour", to: "../secrets/keys")
      for target in ["../../secrets/keys", "../../blobs/detour", "../../blobs-of-others/keys"] {
        try link(data, to: target)
        #expect(isOutside(path), "\(target)")
        try FileManager.default.removeItem(atPath: data)
      }
      // A model that is no link has one folder, whatever its data is.
      try FileManager.default.removeItem(atPath: path)
      try Fixture.write(model("data"), to: path)
      try Fixture.write(Self.weights, to: "\(root)/blobs/222")
      try link(data, to: "../../blobs/222")
      #expect(isOutside(path))
    }
  }

  @Test(arguments: ["../222", "../blobs/222", "/etc/hostname", "..", "a/../222"])
  func namesThatLeaveTheFolderStayRefused(_ location: String) throws {
    try Fixture.withFolder { root in
      try folders("blobs/a", "snapshots", in: root)
      try Fixture.write(model(location), to: "\(root)/blobs/111")
      try Fixture.write(Self.weights, to: "\(root)/blobs/222")
      try Fixture.write(Self.weights, to: "\(root)/222")
      try link("\(root)/snapshots/model.onnx", to: "../blobs/111")
      #expect(isOutside("\(root)/snapshots/model.onnx"))
    }
  }

  @Test func dataThatIsNowhereIsMissing() throws {
    try Fixture.withFolder { root in
      try Fixture.write(model("data"), to: "\(root)/111")
      try link("\(root)/model.onnx", to: "111")
      try link("\(root)/data", to: "gone")
      #expect(formatError { _ = try OnnxReader.read("\(root)/model.onnx") }?.kind == .missing)
    }
  }
}
