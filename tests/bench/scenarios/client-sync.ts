export const clientSync = async () => { throw new Error("x"); };
