package import VisionImage
package import VisionInference
package import VisionModel
package import VisionTasks
package import VisionTensor
import VisionSystem

/// The task of finding faces: that of finding objects, with a network that gives five points of each.
package struct FaceDetection: ModelTask {
  package static let name = ObjectDetection.name
  package static let columns = Face.columns

  package var objects: ObjectDetection

  /// - Throws: a `VisionError` when the network is no detector, or gives other than five points.
  package init(_ model: Model) throws { try self.init(ObjectDetection(model)) }

  package init(_ objects: ObjectDetection) throws(ClassifierError) {
    guard objects.pointCount == 5 else {
      throw ClassifierError(
        .network, "the detector gives \(objects.pointCount) points of an object, not the five of a face",
        remedy: "use a detector of faces, such as yunet")
    }
    self.objects = objects
  }

  package var input: ImageInputWriter { objects.input }
  package var outputs: [OutputRole] { objects.outputs }

  package func decode(_ outputs: borrowing OutputSlots, _ geometry: InputGeometry) throws -> [Face] {
    try objects.decode(outputs, geometry).map { Face($0) }
  }

  package func record(_ faces: [Face]) -> Record { Face.record(faces) }
}

extension Face {
  init(_ found: Detection) {
    self.init(score: found.score, box: found.box, points: found.points)
  }
}
